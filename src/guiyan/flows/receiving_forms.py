"""Forms of finding and receiving: a lead by telephone, its end, a person taken in on one page."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.flows import words
from guiyan.flows.types import LeadSaid, Stay
from guiyan.members import words as member_words
from guiyan.members.consents import PURPOSES
from guiyan.members.types import NewMember
from guiyan.orgs import queries as orgs
from guiyan.orgs.kinds import Ability
from guiyan.orgs.types import OrganisationFacts

ELSEWHERE = "elsewhere"
_WHY_AWAY = (
    ("务工", _("务工")),
    ("经商", _("经商")),
    ("随子女居住", _("随子女居住")),
    ("求学", _("求学")),
    ("其他", _("其他")),
)
_DOORS = {"hotline": _("热线电话"), "desk": _("窗口"), "referral": _("党员推荐")}


class LeadForm(forms.Form):
    """What a caller or visitor says of a possible member, at most five fields."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    home = forms.CharField(label=_("组织关系在哪里"), max_length=100, required=False)
    now_at = forms.CharField(label=_("现在住在哪里、在哪里干活"), max_length=100, required=False)
    door = forms.ChoiceField(
        label=_("从哪里知道的"), choices=list(_DOORS.items()), widget=forms.RadioSelect
    )

    def said(self) -> LeadSaid:
        return LeadSaid(**{k: v for k, v in self.cleaned_data.items() if k != "door"})

    @property
    def search_method(self) -> str:
        return {"hotline": "telephone", "desk": "self"}.get(self.cleaned_data["door"], "peer")


class DiscardForm(forms.Form):
    """Why leads are put aside."""

    reason = forms.ChoiceField(label=_("排除的原因"))
    lead = forms.MultipleChoiceField(label=_("线索"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons, leads = self.fields["reason"], self.fields["lead"]
        reasons.choices = list(words.DEAD_REASON.items())  # type: ignore[attr-defined]
        chosen = self.data.getlist("lead") if hasattr(self.data, "getlist") else []
        leads.choices = [(one, one) for one in chosen]  # type: ignore[attr-defined]

    def lead_ids(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["lead"]]


class ReceiveForm(forms.Form):
    """Everything that the file needs, asked once; a person has seen the identity card."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    id_number = forms.CharField(
        label=_("身份证号码"),
        max_length=40,
        help_text=_("只在这里问一次。没带证件的，请本人说；不要拍照，不要复印。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(label=_("电话号码"), max_length=40, required=False)
    phone_whose = forms.ChoiceField(
        label=_("这个号码是谁的"), choices=list(member_words.WHOSE.items()), required=False
    )
    phone_relation = forms.CharField(
        label=_("与本人的关系"), max_length=20, required=False, help_text=_("亲属的号码才填")
    )
    has_no_phone = forms.BooleanField(
        label=_("没有手机"), required=False, help_text=_("通知改用当面、信件或由联系人转告。")
    )
    reads_little = forms.BooleanField(label=_("读写不便"), required=False)
    home = forms.CharField(
        label=_("组织关系在哪里"),
        max_length=200,
        help_text=_("写党支部的名称；不知道就写省、市、县。"),
    )
    home_id = forms.ChoiceField(
        label=_("是下面哪一个党组织？"), required=False, widget=forms.RadioSelect
    )
    address = forms.CharField(label=_("现居住地址"), max_length=200, required=False)
    trade = forms.CharField(label=_("从事行业"), max_length=60, required=False)
    languages = forms.MultipleChoiceField(
        label=_("会说的语言"),
        choices=list(member_words.LANGUAGE.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reads = forms.MultipleChoiceField(
        label=_("会读的文字"),
        choices=list(member_words.SCRIPT.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("不清楚就不选。"),
    )
    category = forms.ChoiceField(
        label=_("人员类别"), choices=list(member_words.CATEGORY.items()), initial="full"
    )
    joined_on = forms.DateField(
        label=_("入党日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    left_on = forms.DateField(
        label=_("什么时候离家的"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    reason_away = forms.ChoiceField(
        label=_("外出原因"), choices=[("", "—"), *_WHY_AWAY], required=False
    )
    search_method = forms.ChoiceField(
        label=_("怎样找到的"), choices=list(words.SEARCH_METHOD.items()), initial="self"
    )
    consents = forms.MultipleChoiceField(
        label=_("本人在纸上签字同意的事项"),
        choices=list(PURPOSES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("没有签字的不要勾。不勾也照样登记。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = str(self.data.get("home", "")) if self.is_bound else ""
        self.exact = _branch_called(text)
        self.found = [] if self.exact else _branches_like(text)
        field = self.fields["home_id"]
        field.choices = [  # type: ignore[attr-defined]
            *((str(one.id), one.name) for one in self.found),
            (ELSEWHERE, _("都不是，或者对方不用本系统")),
        ]

    @property
    def must_choose(self) -> bool:
        """Bodies that may be meant were found and none has been chosen yet."""
        return bool(self.found) and not self.cleaned_data.get("home_id")

    def _home(self) -> OrganisationFacts | None:
        if self.exact:
            return self.exact
        chosen = self.cleaned_data["home_id"]
        return next((one for one in self.found if str(one.id) == chosen), None)

    def new_member(self, host_organisation_id: UUID) -> NewMember:
        typed, home = self.cleaned_data, self._home()
        return NewMember(
            name=typed["name"],
            id_number=typed["id_number"],
            phone=typed["phone"] or None,
            phone_whose=typed["phone_whose"] or "own",
            phone_relation=typed["phone_relation"],
            address=typed["address"] or None,
            category=typed["category"],
            joined_on=typed["joined_on"],
            trade=typed["trade"],
            languages=typed["languages"],
            home_organisation_id=home.id if home else None,
            home_text="" if home else typed["home"],
            host_organisation_id=host_organisation_id,
            has_phone=not typed["has_no_phone"],
            reads_little=typed["reads_little"],
            reads=typed["reads"],
        )

    def stay(self, near: str) -> Stay:
        """The stay by what was said; an address names the division, and is not kept in the case."""
        typed = self.cleaned_data
        lives = orgs.place_of(typed["address"], near=near) if typed["address"] else None
        came_from = orgs.place_of(typed["home"], near=None)
        return Stay(
            left_on=typed["left_on"],
            reason_away=typed["reason_away"],
            search_method=typed["search_method"],
            home_text="" if self._home() else typed["home"],
            home_division_code=came_from.division_code if came_from else "",
            stay_division_code=lives.division_code if lives else "",
        )


def _branch_called(text: str) -> OrganisationFacts | None:
    """The branch whose full name or code was written."""
    found = orgs.find_organisations([text.strip()]).get(text.strip()) if text.strip() else None
    return found if found and found.can(Ability.HOLDS_MEMBERS) else None


def _branches_like(text: str) -> list[OrganisationFacts]:
    """Branches with the text in their names; a person chooses among them, or none."""
    found = orgs.search_organisations(text, limit=30)
    return [one for one in found if one.can(Ability.HOLDS_MEMBERS)][:6]
