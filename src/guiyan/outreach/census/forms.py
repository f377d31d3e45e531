"""Forms of a census."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.flows.types import LeadSaid
from guiyan.outreach.census import rules, words
from guiyan.outreach.census.keyed import KeyedLine
from guiyan.outreach.census.types import NewDoor, NewVisit, StandingFacts


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class RoundForm(forms.Form):
    """Purpose, period and opening letter of a round."""

    title = forms.CharField(label=_("名称"), max_length=80)
    purpose = forms.CharField(label=_("目的"), max_length=300)
    starts_on = _day(_("开始日期"))
    ends_on = _day(_("结束日期"))
    letter = forms.CharField(
        label=_("致商户的公开信"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("一行一段；公开信和海报上会印二维码、热线和地址。"),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        starts_on, ends_on = found.get("starts_on"), found.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("结束的日期在开始之前，请核对日期。"))
        return found


class NewRoundForm(RoundForm):
    kind = forms.ChoiceField(
        label=_("查什么"), choices=list(words.KIND.items()), initial="premises",
        widget=forms.RadioSelect,
    )  # fmt: skip

    field_order = ("kind", "title", "purpose", "starts_on", "ends_on", "letter")


class ChangeRoundForm(RoundForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class SaidForm(forms.Form):
    """What a person at the door says of themselves; at most four fields."""

    name = forms.CharField(label=_("姓名"), required=False, max_length=60)
    phone = forms.CharField(label=_("电话"), required=False, max_length=30)
    home = forms.CharField(
        label=_("组织关系在哪里"), required=False, max_length=120, help_text=_("知道多少写多少。")
    )
    trade = forms.CharField(label=_("行业"), required=False, max_length=40)

    def said(self) -> LeadSaid:
        return LeadSaid(**{name: self.cleaned_data[name].strip() for name in _SAID})

    def refuse_nobody(self) -> None:
        """A found member without a name and without a number can't be called back."""
        if not (self.cleaned_data.get("name") or self.cleaned_data.get("phone")):
            self.add_error("name", _("请写姓名或电话，以便核实。"))


_SAID = ("name", "phone", "home", "trade")


class VisitForm(SaidForm):
    """One visit at a door."""

    state = forms.ChoiceField(
        label=_("走访结果"),
        choices=[(code, words.STATE[code]) for code in rules.VISITED],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("说明"), required=False, max_length=200)
    come_back_on = _day(_("哪天再来"), required=False, help_text=_("关门时填写。"))
    duplicate_code = forms.CharField(
        label=_("与哪一家重复"), required=False, max_length=12, help_text=_("写那一家的编码。")
    )
    visited_on = _day(_("走访日期"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("state", "reason", "come_back_on", "duplicate_code", *_SAID, "visited_on")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        state = found.get("state")
        if state == rules.MEMBERS_FOUND:
            self.refuse_nobody()
        if state == rules.CLOSED and not found.get("come_back_on"):
            self.add_error("come_back_on", _("请写哪一天再来。"))
        if state == rules.REFUSED and not found.get("reason"):
            self.add_error("reason", _("请写一句原因，以便下次换个人、换个时间再去。"))
        if state == rules.DUPLICATE and not found.get("duplicate_code"):
            self.add_error("duplicate_code", _("请写与哪一家重复（那一家的编码）。"))
        return found

    def visit(self, standing: StandingFacts, duplicate_of: UUID | None) -> NewVisit:
        facts = self.cleaned_data
        return NewVisit(
            id=uuid4(),
            standing_id=standing.id,
            state=facts["state"],
            reason=facts["reason"],
            come_back_on=facts["come_back_on"],
            duplicate_of=duplicate_of,
            visited_on=facts["visited_on"],
            base_version=facts["version"],
        )


class DoorForm(forms.Form):
    """Premises that no list knows."""

    name = forms.CharField(label=_("店名、单位名称"), max_length=120)
    address = forms.CharField(label=_("地址"), required=False, max_length=160)
    credit_code = forms.CharField(
        label=_("统一社会信用代码"),
        required=False,
        max_length=30,
        help_text=_("执照上看得到就写。"),
    )
    type = forms.CharField(label=_("类型"), required=False, max_length=40)
    is_another = forms.BooleanField(label=_("确是另一家"), required=False)

    def door(self) -> NewDoor:
        return NewDoor(**self.cleaned_data)


class TypingForm(KeyedLine, SaidForm):
    """One line of a sheet, with what some results ask for besides."""

    RESULTS = rules.KEYS

    reason = forms.CharField(label=_("说明"), required=False, max_length=200)
    come_back_on = _day(_("哪天再来"), required=False)
    duplicate_code = forms.CharField(label=_("与哪一家重复"), required=False, max_length=12)
    is_correction = forms.BooleanField(label=_("更正"), required=False)
    visited_on = _day(_("走访日期"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        self.fields["key"].widget.attrs |= {
            "inputmode": "numeric", "autocomplete": "off", "size": 2,
        }  # fmt: skip
        self.fields["visited_on"].initial = today


class PartsForm(forms.Form):
    parts = forms.IntegerField(label=_("分成几片"), min_value=1, max_value=60)


class TeamForm(forms.Form):
    name = forms.CharField(label=_("新编一个组"), max_length=60)


class PersonForm(forms.Form):
    """Somebody joins a team: chosen among accounts, or a volunteer by name."""

    kind = forms.ChoiceField(label=_("人员类别"), choices=list(words.PERSON.items()))
    account_id = forms.ChoiceField(label=_("有账号的人"), required=False)
    name = forms.CharField(
        label=_("没有账号的人，写姓名"), required=False, max_length=80,
        help_text=_("没有账号的人拿打印的走访表走访，由别人录入。"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names = dict(people)
        field = self.fields["account_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("——")), *people]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("account_id") and not found.get("name"):
            self.add_error("name", _("请选一个有账号的人，或者写姓名。"))
        return found

    def person(self) -> dict[str, Any]:
        account_id = self.cleaned_data["account_id"]
        name = self._names.get(account_id) or self.cleaned_data["name"]
        return {
            "kind": self.cleaned_data["kind"],
            "name": str(name).split("（")[0],
            "account_id": UUID(account_id) if account_id else None,
        }
