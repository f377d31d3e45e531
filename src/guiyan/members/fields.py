"""Every personal field that this room stores: what for, who reads it, when it is deleted.

Declared from the first day (PIPL arts. 6, 17, 19, 47). The member's own page shows this table, a
test compares it with the tables of the database, and the nightly job obeys `RETENTION`. When a
whole file goes stands in `ending`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.platform.retention import Retention


@dataclass(frozen=True, slots=True)
class PersonalField:
    """One thing stored about a person, in the words in which the person is told of it."""

    name: str | Promise
    columns: tuple[str, ...]  # "table.column", table without the room's name
    purpose: str | Promise
    readers: str | Promise
    delete_after: str | Promise


_WHOLE_FILE = _("最后一次流动结束满三年（各地可另定），随档案一并删除")
_BOTH_SIDES = _("流出地、流入地两边负责的党组织")
_WITH_REASON = _("两边负责的党组织；只显示几位，看全部须写理由，您看得到是谁看的")

RETENTION = (
    Retention("members.VaultField", "valid_to", 180),
    Retention("members.Notice", "seen_at", 365),
    Retention("members.Correction", "answered_at", 365, erases=("sealed_wish",)),
    Retention("members.Consent", "withdrawn_on", 1095),
    Retention("members.DuplicateReview", "decided_at", 365),
    Retention("members.Merge", "at", 1095),
)

PERSONAL_FIELDS = (
    PersonalField(
        _("姓名"),
        (
            "member.name",
            "member.name_key",
            "member.pinyin",
            "member.initials",
            "member.given_key",
            "member.given_pinyin",
        ),
        _("认得出您，查得到您"),
        _BOTH_SIDES,
        _WHOLE_FILE,
    ),
    PersonalField(
        _("性别、出生日期、民族"),
        ("member.sex", "member.born_on", "member.ethnicity"),
        _("分清同名的人，按规定统计人数"),
        _BOTH_SIDES,
        _WHOLE_FILE,
    ),
    PersonalField(
        _("人员类别、入党日期"),
        ("member.category", "member.joined_on", "member.joined_precision"),
        _("登记在册，开介绍信"),
        _BOTH_SIDES,
        _WHOLE_FILE,
    ),
    PersonalField(
        _("从事行业"),
        ("member.trade",),
        _("推荐合适的党支部"),
        _BOTH_SIDES,
        _WHOLE_FILE,
    ),
    PersonalField(
        _("会说的语言、读写是否方便、有没有手机"),
        ("member.languages", "member.reads", "member.reads_little", "member.has_phone"),
        _("用您方便的方式联系您"),
        _BOTH_SIDES,
        _WHOLE_FILE,
    ),
    PersonalField(
        _("流出地党组织、现在的流入地党组织"),
        (
            "member.home_organisation_id", "member.home_path", "member.home_text",
            "member.host_organisation_id", "member.host_path",
        ),
        _("明确由谁负责联系您"),
        _BOTH_SIDES,
        _WHOLE_FILE,
    ),
    PersonalField(
        _("身份证号码、电话号码、地址"),
        (
            "vaultfield.kind", "vaultfield.sealed", "vaultfield.blind", "vaultfield.mask",
            "vaultfield.whose", "vaultfield.relation",
        ),
        _("不重复建档，联系得上您，开介绍信；加密存放"),
        _WITH_REASON,
        _("换了新的以后，旧的留180天再删除；其余随档案删除"),
    ),
    PersonalField(
        _("以上内容从哪天到哪天"),
        (
            "vaultfield.valid_from", "vaultfield.valid_to", "vaultfield.signs_in_from",
            "memberinterval.what", "memberinterval.value",
            "memberinterval.valid_from", "memberinterval.valid_to",
        ),
        _("能查清过去某一天由谁负责"),
        _BOTH_SIDES,
        _WHOLE_FILE,
    ),
    PersonalField(
        _("您同意过的事项"),
        (
            "consent.purpose", "consent.notice_version", "consent.given_how", "consent.given_on",
            "consent.withdrawn_on",
        ),
        _("只在您同意时做这些事"),
        _BOTH_SIDES,
        _("撤回后留3年，作为当时同意过的凭据"),
    ),
    PersonalField(
        _("您提出的更正申请和答复"),
        (
            "correction.field", "correction.sealed_wish", "correction.asked_at",
            "correction.answer_by", "correction.answer", "correction.answer_reason",
            "correction.answered_at",
        ),
        _("更正档案里的错误；申请内容加密存放"),
        _("负责答复的工作人员"),
        _("答复后满1年删除申请内容"),
    ),
    PersonalField(
        _("给您的提醒"),
        ("notice.kind", "notice.text", "notice.at", "notice.seen_at"),
        _("告诉您不寻常的查看"),
        _("只有您"),
        _("您看过后满1年删除"),
    ),
    PersonalField(
        _("档案合并和重复核对的记录"),
        (
            "merge.kept_id", "merge.gone_id", "merge.reason", "merge.before", "merge.at",
            "merge.undone_at", "member.merged_into_id",
            "duplicatereview.path", "duplicatereview.first_member_id",
            "duplicatereview.second_member_id", "duplicatereview.why",
            "duplicatereview.noticed_at", "duplicatereview.decision",
            "duplicatereview.decided_at",
        ),
        _("一人一档；合并错了能改回来"),
        _("有合并权限的工作人员"),
        _("合并满3年、核对满1年后删除"),
    ),
)  # fmt: skip

# Columns that say nothing about a person.
NOT_PERSONAL = frozenset(
    {
        "member.id", "member.import_batch_id", "member.version", "member.created_at",
        "member.changed_at", "vaultfield.id", "vaultfield.member_id", "memberinterval.id",
        "memberinterval.member_id", "consent.id", "consent.member_id", "correction.id",
        "correction.member_id", "notice.id", "notice.member_id", "merge.id", "duplicatereview.id",
    }
)  # fmt: skip

CORRECTABLE = {
    "name": _("姓名"),
    "born_on": _("出生日期"),
    "ethnicity": _("民族"),
    "category": _("人员类别"),
    "joined_on": _("入党日期"),
    "trade": _("从事行业"),
    "languages": _("会说的语言"),
    "reads": _("会读的文字"),
    "id_number": _("身份证号码"),
    "phone": _("电话号码"),
    "address": _("地址"),
    "sides": _("流出地或流入地党组织"),
    "other": _("其他"),
}
