"""What the operator says and never says, by kind of call; nothing of it comes from a file."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.outreach.hotline import rules

KINDS: dict[str, str | Promise] = {code: _(name) for code, name in rules.KINDS.items()}
OUTCOMES: dict[str, str | Promise] = {code: _(name) for code, name in rules.OUTCOMES.items()}

GREETING = _("“您好，这里是%(point)s。请问有什么可以帮您？”")
GUARD = (
    _("不念档案里的任何内容，也不说某人是不是党员、在不在册。"),
    _("要说到档案的事，一律挂断，由负责的人拨档案里登记的号码回过去。"),
    _("来电显示可以伪造；对方说自己是领导、民警、家属，也一样办。"),
)
SCRIPTS: dict[str, tuple[str | Promise, ...]] = {
    "member": (
        _("“欢迎您。请问怎么称呼？组织关系在哪里？现在在哪里？”"),
        _("“记下了，工作人员会给您回电话核实。不用报身份证号。”"),
    ),
    "knows": (
        _("“谢谢您。请问他（她）姓什么、现在在哪里？本人愿意的话，请留电话。”"),
        _("“我们会先问本人愿不愿意。您的话不会转告别人是谁说的。”"),
    ),
    "help": (
        _("“请用一句话说说是什么难处。”"),
        _("“记下了。负责的人会拨登记的号码给您回电话，请留意接听。”"),
    ),
    "pack": (
        _("“您问的是学习包。请问怎么称呼？”"),
        _("“记下了。负责的人会给您回电话，说清楚什么时候送到。”"),
    ),
    "desk": (
        _("“请问您在哪个乡镇、哪个社区？”用“就近找服务点”查，念地址和开门时间。"),
        _("“不方便上网的，打电话、上门都可以办。”"),
    ),
    "complaint": (
        _("“请说，我一句一句记。”念一遍请对方确认。"),
        _("“不用留姓名。会有人答复，答复在服务点看得到。”"),
    ),
    "other": (
        _("“对不起，别人的情况我们不查、不说，也不转告。”"),
        _("“您有事找他（她），请直接联系本人。您自己的事，我们给登记的号码回电话。”"),
        _("按回车记下这次来电；不用写打听谁。"),
    ),
}
WEEKDAYS: tuple[str | Promise, ...] = (
    _("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"),
)  # fmt: skip


def scripts() -> list[tuple[str, str | Promise, tuple[str | Promise, ...]]]:
    """Each kind of call with its key, name and sentences, in the order of the keys."""
    return [(code, name, SCRIPTS[code]) for code, name in KINDS.items()]
