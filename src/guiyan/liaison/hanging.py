"""What keeping in touch hangs on a placement: a contact person named, or a contact since."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.liaison.models import Contact, ContactPerson


def what_hangs_on(case_id: UUID, since: datetime) -> str:
    """Empty when nobody has been named and no contact was recorded. At most two queries."""
    if ContactPerson.objects.filter(case_id=case_id, valid_to__isnull=True).exists():
        return _("已经指定了联系人，不能撤销编入。要换支部，请重新编入。")
    if Contact.objects.filter(case_id=case_id, at__gte=since, withdrawn_at__isnull=True).exists():
        return _("编入之后已有联系记录，不能撤销。要换支部，请重新编入。")
    return ""
