"""What the shell of the field says; the phone keeps these words in the language of its last visit."""

from django.utils.translation import gettext_lazy as _

SHELL = {
    # the four honest words
    "uploaded": _("全部已上传"),
    "waiting": _("待上传 {n} 条"),
    "uploading": _("正在上传，还有 {n} 条"),
    "needs_you": _("需要处理 {n} 条"),
    # the page behind them
    "status": _("上传情况"),
    "last_upload": _("上次上传：{at}"),
    "never_uploaded": _("这部手机还没有上传过。"),
    "upload_now": _("现在上传"),
    "nothing_waits": _("没有待上传的记录。"),
    "kept_at": _("{at} 存在手机里，有信号时自动上传。"),
    "may_be_evicted": _(
        "浏览器没有答应长期保存。空间不足时，没上传的记录可能被清掉：请把本页添加到主屏幕，并尽早上传。"
    ),
    "outcome.conflict": _("和别人的记录不一致，已交负责人选定，您不用重填。"),
    "outcome.quarantined": _("这一片已交给别人，记录已转给现在的负责人，没有丢。"),
    "outcome.held": _("前一条记录还没有到，到了以后自动办理。"),
    "outcome.refused": _("服务器没有收下这一条，请重新记录。"),
    "outcome.different": _("同一编号已有不同的内容，请重新记录。"),
    # the way in
    "open_in_browser": _("请用手机浏览器打开"),
    "open_in_browser_how": _(
        "微信里不能离线工作。请点右上角“…”，选“在浏览器打开”，或把下面的地址复制到手机浏览器："
    ),
    "first_needs_line": _("第一次打开要有网络"),
    "first_needs_line_why": _("请到有信号的地方打开一次，领取要走访的名单；之后没有信号也能用。"),
    "again": _("再试一次"),
    "sign_in_first": _("请先登录"),
    "sign_in_why": _("登录一次，这部手机就能离线工作三周。"),
    "sign_in": _("登录"),
    "set_up": _("在这部手机上工作"),
    "set_up_who": _("{name} · {organisation}"),
    "pin": _("开锁数字"),
    "pin_again": _("再输一遍"),
    "pin_why": _(
        "自己定6位数字，每次打开时用。连错{n}次，下载的名单自动清除，没上传的记录不会丢。"
    ),
    "pin_six": _("请输入6位数字。"),
    "pin_differs": _("两次输入不一样，请重新输入。"),
    "pin_wrong": _("数字不对，还可以试 {n} 次。"),
    "begin": _("开始"),
    "open": _("打开"),
    "welcome_back": _("{name}，请开锁"),
    "no_line": _("现在没有网络，请到有信号的地方再试。"),
    "nothing_given": _("还没有安排给您的工作"),
    "nothing_given_how": _("请联系安排工作的同志，安排好以后在这里领取。"),
    # the phone
    "this_phone": _("本机"),
    "good_until": _("名单在手机里保存到 {day}"),
    "fetch_now": _("领取最新名单"),
    "fetching": _("正在领取…"),
    "back": _("返回"),
    "signed_out": _(
        "这部手机已停用，或三周没有联网。没上传的记录还在：请登录后重新开始，会接着上传。"
    ),
    "forged": _("下载的名单不是本系统发出的，没有采用。请联系管理员。"),
    "server_busy": _("上传的人多，{s} 秒后自动再传。"),
    # hand-over without a line
    "hand_over": _("没有信号时转交"),
    "hand_over_how": _(
        "把没上传的记录存成文件，交给有信号的手机或电脑上传。找到的人的信息已加密，只有服务器能打开；传两遍也不会重复。"
    ),
    "hand_over_save": _("存成文件（{n} 条）"),
    "hand_over_take": _("替别人上传：选择文件"),
    "hand_over_not_ours": _("这不是归雁的转交文件，请重新选择。"),
    "hand_over_taken": _("已收下 {n} 条。"),
}
