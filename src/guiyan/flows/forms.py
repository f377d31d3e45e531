"""Forms of the case: opening a stay, its steps, letters, a sitting."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.flows import words
from guiyan.flows.types import Stay, Suggestion
from guiyan.orgs import queries as org_queries
from guiyan.orgs.types import OrganisationFacts

ELSEWHERE = "elsewhere"
_WHY_AWAY = (
    ("务工", _("务工")),
    ("经商", _("经商")),
    ("随子女居住", _("随子女居住")),
    ("求学", _("求学")),
    ("其他", _("其他")),
)


def _day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class VersionedForm(forms.Form):
    """Carries the version that the person saw, so that nobody's step is overwritten unseen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class HostForm(forms.Form):
    """Where to: written as people say it; the bodies of this system that fit are then chosen from.

    The first submission searches, the second chooses; a place that fits nothing is kept as text.
    """

    host_text = forms.CharField(
        label=_("去往哪里"),
        max_length=200,
        help_text=_("写流入地党组织的名称或代码；不知道就写省、市、县。"),
    )
    host_id = forms.ChoiceField(
        label=_("是下面哪一个党组织？"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: list[OrganisationFacts] = []
        text = str(self.data.get("host_text", "")).strip() if self.is_bound else ""
        if text:
            exact = org_queries.find_organisation(text=text)
            self.found = [exact] if exact else org_queries.search_organisations(text, limit=8)
        self.fields["host_id"].choices = [  # type: ignore[attr-defined]
            *((str(one.id), one.name) for one in self.found),
            (ELSEWHERE, _("都不是，或者对方不用本系统")),
        ]

    @property
    def must_choose(self) -> bool:
        """Bodies were found and none has been chosen yet."""
        return bool(self.found) and not self.cleaned_data.get("host_id")

    def host_organisation_id(self) -> UUID | None:
        chosen = self.cleaned_data.get("host_id")
        return UUID(chosen) if chosen and chosen != ELSEWHERE else None


class MaybeAbroadForm(HostForm):
    """Abroad no body of this system answers, so none is chosen then."""

    is_abroad = forms.BooleanField(
        label=_("在国（境）外"),
        required=False,
        help_text=_("勾选后由流出地支部每半年至少联系一次（条例第34条）。"),
    )

    @property
    def must_choose(self) -> bool:
        return super().must_choose and not self.cleaned_data.get("is_abroad")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("is_abroad") and typed.get("host_id") not in (None, "", ELSEWHERE):
            self.add_error(
                "is_abroad",
                _("上面选了国内的党组织。在国（境）外的请选“都不是”；在国内的请不要勾这一项。"),
            )
        return typed


class StayForm(MaybeAbroadForm):
    """Home declares: since when, why, where to."""

    left_on = _day(_("外出时间"))
    left_roughly = forms.BooleanField(
        label=_("记不清哪天，只按年月记"), required=False, help_text=_("日期里的“日”随便选一天。")
    )
    reason_away = forms.ChoiceField(
        label=_("外出原因"), choices=[("", "—"), *_WHY_AWAY], required=False
    )
    has_certificate = forms.NullBooleanField(
        label=_("有没有流动党员活动证"),
        required=False,
        widget=forms.Select(choices=[("", _("不清楚")), ("true", _("有")), ("false", _("没有"))]),
    )

    def stay(self) -> Stay:
        typed = self.cleaned_data
        place = org_queries.place_of(typed["host_text"], near=None)
        return Stay(
            left_on=typed["left_on"],
            left_precision="month" if typed["left_roughly"] else "day",
            reason_away=typed["reason_away"],
            has_certificate=typed["has_certificate"],
            is_abroad=typed["is_abroad"],
            host_text=typed["host_text"].strip(),
            host_division_code=place.division_code if place else "",
        )


class NotifyForm(MaybeAbroadForm, VersionedForm):
    """Home has found out where the member is."""


class MoveOnForm(StayForm, VersionedForm):
    """The member went on to another place."""

    reason = forms.CharField(label=_("怎么知道的"), max_length=300, required=False)


class ClaimForm(forms.Form):
    """Host claims: how the member was found, where they live, since when."""

    search_method = forms.ChoiceField(
        label=_("怎样找到的"), choices=list(words.SEARCH_METHOD.items())
    )
    stay_text = forms.CharField(
        label=_("现住在哪里"),
        max_length=100,
        required=False,
        help_text=_("写到村或社区即可，例如“巴普镇城东社区”；只用来推荐就近的支部，不留门牌。"),
    )
    home_text = forms.CharField(
        label=_("组织关系在哪里"),
        max_length=200,
        required=False,
        help_text=_("档案里已有流出地支部的不用填。"),
    )
    left_on = _day(_("离开流出地的时间"))
    reason_away = forms.ChoiceField(
        label=_("外出原因"), choices=[("", "—"), *_WHY_AWAY], required=False
    )

    def __init__(self, *args: Any, near: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._near = near
        self._stay_code = ""

    def clean_stay_text(self) -> str:
        text = str(self.cleaned_data["stay_text"]).strip()
        if text:
            place = org_queries.place_of(text, near=self._near)
            if place is None:
                raise forms.ValidationError(
                    _("没有认出这个地方。请写县、乡镇和村（社区）的名称，或者先不填。")
                )
            self._stay_code = place.division_code
        return text

    def stay(self) -> Stay:
        typed = self.cleaned_data
        return Stay(
            left_on=typed["left_on"],
            reason_away=typed["reason_away"],
            search_method=typed["search_method"],
            home_text=typed["home_text"].strip(),
            stay_division_code=self._stay_code,
        )


class StepForm(VersionedForm):
    """A step that asks for a word: why, or what the paper says."""

    reason = forms.CharField(
        label=_("说明"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class LostForm(VersionedForm):
    """Since when nobody reaches the member, as a person has found out."""

    since = _day(_("从哪天起失去联系"), help_text=_("最后一次参加组织生活或交纳党费的日子。"))
    reason = forms.CharField(
        label=_("怎样查找过"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class LetterForm(forms.Form):
    """Which paper, and to whom."""

    kind = forms.ChoiceField(label=_("文书种类"), choices=list(words.KIND.items()))
    to_text = forms.CharField(
        label=_("抬头"),
        max_length=200,
        required=False,
        help_text=_("对方党组织的全称；跨省转接须写有审批权的党委。"),
    )


class TransferForm(VersionedForm):
    """The introduction that goes with a transfer."""

    to_text = forms.CharField(
        label=_("介绍信抬头"),
        max_length=200,
        help_text=_("接收党组织的全称，须有审批预备党员的权限。"),
    )
    dues_paid_to = _day(_("党费交至"), required=True, help_text=_("选交到的月份里任意一天。"))


class ReplyForm(forms.Form):
    """What the slip says."""

    reply = forms.ChoiceField(label=_("回执结果"), choices=list(words.REPLY.items()))


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("作废原因"), max_length=300)


class PlaceForm(forms.Form):
    """One member into one branch; suggestions first, then every branch below."""

    branch_id = forms.ChoiceField(label=_("编入哪个党支部"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("理由"), max_length=300, required=False)

    def __init__(
        self,
        *args: Any,
        suggestions: Sequence[Suggestion],
        branches: Sequence[OrganisationFacts],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = {str(one.organisation_id): one.why_on_record for one in suggestions}
        self.fields["branch_id"].choices = [  # type: ignore[attr-defined]
            (str(branch.id), branch.name) for branch in branches
        ]

    def why(self) -> str:
        """What was written, or else the reason that stood beside the suggestion."""
        typed = self.cleaned_data
        return str(typed["reason"] or self.reasons.get(typed["branch_id"], ""))


class SittingForm(forms.Form):
    """When the sitting is held, and who is present."""

    held_on = _day(_("开会日期"), required=True)
    present = forms.CharField(
        label=_("参加人员"), max_length=300, help_text=_("用顿号分开；第一位是主持人。")
    )

    def clean_present(self) -> str:
        """The names as the minutes print them, without the comma left at the end."""
        names = str(self.cleaned_data["present"]).replace("，", "、").split("、")
        return "、".join(name.strip() for name in names if name.strip())
