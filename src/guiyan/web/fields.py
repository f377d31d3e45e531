"""What people write about Guiyan itself: what for, who reads it, when it is deleted.

`web.obey_retention` obeys `RETENTION` every night.
"""

from django.utils.translation import gettext_lazy as _

from guiyan.members.fields import PersonalField
from guiyan.platform.retention import Retention

RETENTION = (Retention("web.Feedback", "sent_at", 730),)

PERSONAL_FIELDS = (
    PersonalField(
        _("投诉、建议和答复"),
        ("feedback.text", "feedback.answer"),
        _("改进系统，答复意见；不记是谁写的"),
        _("所说党组织和上级的工作人员"),
        _("写下满两年"),
    ),
)

# Columns that say nothing about a person.
NOT_PERSONAL = frozenset(
    {"feedback.id", "feedback.path", "feedback.page", "feedback.sent_at", "feedback.answered_at"}
)
