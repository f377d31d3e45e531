"""Forms of the tree and the directory: shape is checked here, sense by the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from guiyan.orgs import queries, rules, words
from guiyan.orgs.types import OrganisationFacts, ServicePointFacts
from guiyan.platform.errors import Refusal


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("事由"),
        help_text=_("写明依据，例如文件名称、文号。会记入历史。"),
        max_length=300,
        error_messages={"required": _("请写明事由。")},
    )


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("组织名称或代码"),
        max_length=80,
        error_messages={"required": _("请写要找的组织的名称或代码。")},
    )


class ParticularsForm(forms.Form):
    """What the directory says of an organisation."""

    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("办公电话"),
        help_text=_("对外公布的号码，不写个人手机。"),
        max_length=40,
        required=False,
    )
    trades = forms.CharField(
        label=_("面向的行业"),
        help_text=_("用顿号分开，例如：货运司机、快递。"),
        max_length=200,
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=_("可以用的语言"),
        choices=list(words.LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(label=_("事由"), max_length=300, required=False)

    def clean_trades(self) -> list[str]:
        written = self.cleaned_data["trades"].replace("，", "、").replace(",", "、")
        return [trade.strip() for trade in written.split("、") if trade.strip()]


class OpenForm(forms.Form):
    """A new organisation under `parent`, in its division or one directly below."""

    kind = forms.ChoiceField(label=_("类别"))
    name = forms.CharField(label=_("全称"), max_length=200)
    short_name = forms.CharField(label=_("简称"), max_length=80, required=False)
    code = forms.CharField(
        label=_("组织代码"), help_text=_("字母、数字和短横线，全系统唯一。"), max_length=32
    )
    division_code = forms.ChoiceField(label=_("所属行政区划"))
    stands_in = forms.CharField(
        label=_("所在地"),
        help_text=_("驻外组织填写，例如：广东省东莞市。与所属区划相同就空着。"),
        max_length=80,
        required=False,
    )
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    phone = forms.CharField(label=_("办公电话"), max_length=40, required=False)
    reason = _reason()

    def __init__(self, *args: Any, parent: OrganisationFacts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = queries.kinds_under(parent.kind_code)
        _choices(self, "kind", [(code, now_(name)) for code, name in kinds])
        _choices(self, "division_code", queries.divisions_at_and_below(parent.division_code))

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        if not code.replace("-", "").isalnum() or not code.isascii():
            raise forms.ValidationError(_("代码只能用字母、数字和短横线。"))
        return code

    def clean_stands_in(self) -> str:
        """The code of the place that was written; empty for “where it belongs”."""
        text = self.cleaned_data["stands_in"]
        if not text:
            return ""
        place = queries.place_of(text)
        if place is None:
            raise forms.ValidationError(_("没有认出这个地方。请从省写起，例如：广东省东莞市。"))
        return place.division_code


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


class RenameForm(forms.Form):
    name = forms.CharField(label=_("新的全称"), max_length=200)
    short_name = forms.CharField(label=_("新的简称"), max_length=80, required=False)
    reason = _reason()
    version = forms.IntegerField(widget=forms.HiddenInput)


class ActForm(forms.Form):
    """Moving, merging, closing: over the version that the person saw, for a reason."""

    reason = _reason()
    version = forms.IntegerField(widget=forms.HiddenInput)


class PinForm(forms.Form):
    longitude = forms.FloatField(label=_("经度"), help_text=_("东经度数，例如 103.13260"))
    latitude = forms.FloatField(label=_("纬度"), help_text=_("北纬度数，例如 28.32850"))


class PointForm(forms.Form):
    """A desk, a centre or a hotline."""

    kind = forms.ChoiceField(label=_("类别"), choices=list(words.POINT_KINDS.items()))
    name = forms.CharField(label=_("名称"), max_length=120)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    duty_hours = forms.CharField(
        label=_("值班时间"),
        help_text=_(
            "每行一段，例如：周一至周五 08:30-12:00 14:30-18:00。过夜写 18:00-08:00，全天写 24小时。"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @staticmethod
    def of(point: ServicePointFacts) -> dict[str, str]:
        return {
            "kind": point.kind,
            "name": point.name,
            "phone": point.phone,
            "address": point.address,
            "duty_hours": point.duty_text,
        }

    def clean_duty_hours(self) -> list[tuple[int, str, str]]:
        hours = rules.read_duty_hours(self.cleaned_data["duty_hours"])
        if isinstance(hours, Refusal):
            raise forms.ValidationError(now_(hours.message), code=hours.code)
        return hours


class ClosePointForm(forms.Form):
    reason = _reason()


class ParameterForm(forms.Form):
    name = forms.ChoiceField(label=_("参数"), choices=list(words.PARAMETERS.items()))
    value = forms.IntegerField(label=_("数值"), min_value=1)
    source = forms.CharField(label=_("依据"), help_text=_("文件名称、文号和条款。"), max_length=200)
    valid_from = forms.DateField(
        label=_("从哪天起执行"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class NearForm(forms.Form):
    address = forms.CharField(
        label=_("您在哪里"),
        help_text=_("写到乡镇、社区最好，例如：美姑县巴普镇城东社区。不需要门牌号。"),
        max_length=100,
        error_messages={"required": _("请写您所在的地方，例如：美姑县巴普镇。")},
    )
