"""Forms of the ways out."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

FEN = 100


class LimitsForm(forms.Form):
    day_yuan = forms.DecimalField(
        label=_("每天最多花多少元"),
        help_text=_("到了这个数，当天不再发送；验证码也算在内。"),
        min_value=Decimal(0),
        max_value=Decimal(1_000_000),
        max_digits=9,
        decimal_places=2,
        error_messages={"required": _("请填一个数，例如500。")},
    )
    month_messages = forms.IntegerField(
        label=_("每月最多发多少条"),
        help_text=_("到了这个数，当月只发验证码。"),
        min_value=0,
        max_value=100_000_000,
        error_messages={"required": _("请填一个数，例如300000。")},
    )
    reason = forms.CharField(
        label=_("为什么这样定"),
        max_length=200,
        error_messages={"required": _("请写明事由，会记入操作记录。")},
    )

    @property
    def day_fen(self) -> int:
        return int(self.cleaned_data["day_yuan"] * FEN)


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("发出去了没有"),
        choices=[("yes", _("已经发出")), ("no", _("没有发出"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项再提交。")},
    )
    reason = forms.CharField(
        label=_("怎样知道的"),
        help_text=_("例如：问过本人，或在服务商后台查到。请不要写电话号码。"),
        max_length=200,
        error_messages={"required": _("请写一句，说明怎样知道的。")},
    )
