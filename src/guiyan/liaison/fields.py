"""Every personal field that this room stores: what for, who reads it, when it is deleted.

Every night `forget_proposals` obeys `RETENTION`, and `forget_old_clears` the days of the six clears
(six_clears.rules.KEEP_DAYS).
"""

from django.utils.translation import gettext_lazy as _

from guiyan.members.fields import PersonalField
from guiyan.platform.retention import Retention

PROPOSAL_DAYS = 30
LEAVE_DAYS = 366
RETENTION = (
    Retention("liaison.PairingDraft", "made_at", PROPOSAL_DAYS),  # its lines go along
    Retention("liaison.Leave", "ends_on", LEAVE_DAYS),
)

_BOTH_SIDES = _("流出地、流入地两边负责的党组织")
_WITH_FILE = _("随档案一并删除")

PERSONAL_FIELDS = (
    PersonalField(
        _("谁联系您、什么时候联系过"),
        (
            "contact.how", "contact.was_reached", "contact.was_talk", "contact.why_not",
            "contact.note", "contact.next_on", "contactperson.name",
            "contactperson.stand_in_name", "helpnote.note",
        ),
        _("与您保持联系，换人时不断线"),
        _BOTH_SIDES,
        _WITH_FILE,
    ),
    PersonalField(
        _("安排联系人时提议过谁"),
        (
            "draftpair.name", "draftpair.present_name", "draftpair.why", "draftpair.others",
            "draftpair.km", "pairingdraft.hand_over_note",
        ),
        _("先看再决定由谁联系您"),
        _("流入地负责的党组织"),
        _("提议三十天以后"),
    ),
    PersonalField(
        _("六清：居住、工作、报到、组织生活、困难诉求"),
        ("sixclear.sealed", "sixclear.said_by", "sixclear.help_answer"),
        _("了解您的情况，需要时帮忙；加密保存"),
        _BOTH_SIDES,
        _("说过三年以后"),
    ),
    PersonalField(
        _("您托联系人转达的话"),
        ("sixclear.sealed",),
        _("照原话转达；不写别人的看法"),
        _BOTH_SIDES,
        _("说过一年以后"),
    ),
    PersonalField(
        _("不作硬性要求或暂停联系的原因"),
        ("relief.reason",),
        _("年老、患病时不打扰您（条例第23条）"),
        _BOTH_SIDES,
        _WITH_FILE,
    ),
)  # fmt: skip
