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
    "is_kept": _("浏览器已答应长期保存这里的记录。"),
    "ask_to_keep": _("请浏览器长期保存"),
    "still_not_kept": _(
        "浏览器还是没有答应。把本页添加到主屏幕以后再试；在那以前，请每天有信号时上传。"
    ),
    "not_kept": _("没有记下：手机没能保存。请再点一次；还不行，请关掉本页重新打开，填的不会上传。"),
    "not_kept_full": _(
        "没有记下：手机空间不足。请先上传，再清理手机里的照片、视频，然后再点一次；填的还在本页上。"
    ),
    "not_fetched_full": _("手机空间不足，名单没有领全；已有的名单照用"),
    "close_others": _("本页在别的窗口里还开着旧版。请关掉其他窗口，再打开本页。"),
    "discard": _("删去这一条"),
    "discard_sure": _("确定删去，不再上传"),
    "discard_when": _("重新记录以后，可以删去这一条。"),
    "declined": _("被退回的"),
    "declined_why": _("退回的理由：{why}"),
    "to_decide": _("有 {n} 条别人传上来的记录等您决定。有信号时在网页上办，要登录。"),
    "to_decide_inbox": _("待接办的"),
    "to_decide_conflicts": _("填法不同的"),
    # a note by voice
    "voice": _("录音"),
    "voices": _("录音"),
    "voice_begin": _("录一句话"),
    "voice_how": _(
        "可以不录，最长30秒。只说和走访有关的，不说别人家的事。存下就加密，手机上不能再听。"
    ),
    "voice_refused": _(
        "没有得到使用话筒的许可，可以打字。要录音，请在浏览器设置里允许本页使用话筒。"
    ),
    "voice_no_microphone": _("这部手机没有可用的话筒，可以打字。"),
    "voice_speaking": _("正在录音"),
    "voice_left": _("还可以说 {n} 秒"),
    "voice_stop": _("说完了"),
    "voice_done": _("录好的话"),
    "voice_again": _("重录"),
    "voice_drop": _("不要了"),
    "voice_waiting": _("待上传录音 {n} 段"),
    "voice_part": _("一段录音：已传 {came} KB，共 {size} KB"),
    "voice_not_taken": _("有一段录音服务器没有收下。请把要说的打字补上，再删去这一段。"),
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
    "lost": _("手机里的记录被清掉了"),
    "lost_how": _("手机空间不足，或清理了浏览器数据，浏览器把本页存的都删了。这不是您操作错了。"),
    "lost_unsent": _("最后一次打开时（{at}）还有 {n} 条没有上传，找不回来了，要重新记录。"),
    "lost_nothing": _("最后一次打开时（{at}）全部已上传，服务器上都在，没有丢。"),
    "lost_next": _(
        "下一步：登录后重新领取名单。名单上还是“未走访”的，就是要重新记录的；已上传的不用再填。"
        "为免再次发生，请把本页添加到主屏幕，并常上传。"
    ),
    "lost_begin": _("知道了，重新开始"),
    "unsent_elsewhere": _(
        "服务器记得：{phone}在 {at} 还有 {n} 条没有上传。如果就是这部手机，它们已被浏览器清掉，"
        "请对照名单重新记录；如果是另一部，请在那部手机上传。"
    ),
    "another_phone": _("您的一部手机"),
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
