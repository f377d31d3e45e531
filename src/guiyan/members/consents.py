"""What members may agree to and take back, and the notice that stands beside it."""

from django.utils.translation import gettext_lazy as _

NOTICE_VERSION = "2026-11"

# Keeping the file and answering for the case rests on the organisation's statute, not on consent;
# these go beyond it, so each needs a yes of its own.
PURPOSES = {
    "contact_by_message": _(
        "用短信或微信通知我学习、活动和办事进度（每月不超过4条，不写身份内容）"
    ),
    "share_with_departments": _("为办理我提出的事项，把姓名和电话告诉办理的部门"),
}
