"""What the public page says before its first question; a changed text is a new version.

Sources: Personal Information Protection Law arts. 7, 14, 17 (who asks, what for, how, how long,
which rights), design decision 7. A lead keeps the version that was shown.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERSION = "2026-11"

# Title and text of each paragraph; `%(unit)s` is the organisation on the poster, `%(days)s` the
# days after which a report that came to nothing is erased (parameter `lead_erase_days`).
OWN: tuple[tuple[str | Promise, str | Promise], ...] = (
    (_("谁在问"), _("%(unit)s。")),
    (_("为什么"), _("确认您是不是外出的党员，并由党支部与您联系。只用于这件事。")),
    (_("依据"), _("党章关于党员参加组织生活的规定；您自愿填写，每一项都可以不填，姓名除外。")),
    (_("保存多久"), _("核实后转入您的档案；核实不上的，%(days)s天内清除。")),
    (_("谁能看"), _("只有负责核实的工作人员，每次打开都有记录。您可以随时要求查看、更正或删除。")),
)
OF_ANOTHER: tuple[tuple[str | Promise, str | Promise], ...] = (
    (_("谁在问"), _("%(unit)s。")),
    (_("为什么"), _("请党组织与您认识的这位同志联系，由其本人决定是否登记。只用于这件事。")),
    (_("依据"), _("党章关于党员参加组织生活的规定。请先征得对方同意；除姓名外都可以不填。")),
    (_("保存多久"), _("对方不愿登记或核实不上的，%(days)s天内清除。")),
    (_("谁能看"), _("只有负责核实的工作人员，每次打开都有记录。")),
)
