"""Words for codes, as pages show them."""

from django.utils.translation import gettext_lazy as _

from guiyan.kernel.languages import LANGUAGE_NAMES

LANGUAGES = {code: _(name) for code, name in LANGUAGE_NAMES.items()}
POINT_KINDS = {
    "service_centre": _("服务中心"),
    "desk": _("服务窗口"),
    "hotline": _("热线"),
}
ACTS = {
    "opened": _("设立"),
    "renamed": _("更名"),
    "moved": _("划转"),
    "merged": _("并入其他组织"),
    "closed": _("撤销"),
}
ORIGINS = {"pin": _("图上标注"), "import": _("导入"), "invented": _("演示虚构")}
PARAMETERS = {
    "flow_threshold_months": _("外出多久算流动党员"),
    "answer_declared_days": _("流出申报后的办理期限"),
    "answer_notified_days": _("收到流出通知后的答复期限"),
    "answer_claimed_days": _("收到流入报告后的确认期限"),
    "place_within_days": _("编入支部的期限"),
    "contact_person_limit": _("一名联系人最多联系几人"),
    "verify_lead_days": _("线索核实期限"),
    "letter_validity_days": _("介绍信有效期"),
    "letter_reply_days": _("函件回复期限"),
    "lost_contact_months": _("多久联系不上要提示"),
    "correction_answer_days": _("更正申请答复期限"),
    "branch_size_max": _("支部人数提示线"),
    "lead_erase_days": _("无效线索删除期限"),
    "member_file_keep_months": _("流动结束后档案保留多久"),
    "certificate_validity_months": _("活动证核验期限"),
    "clear_stale_months": _("六清多久再问一次"),
}
