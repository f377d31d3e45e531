"""The form of a contact: one press records it; everything else is there to be added, not asked."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.liaison.six_clears.commands import Said
from guiyan.liaison.six_clears.queries import ClearFacts
from guiyan.liaison.words import SAYERS, WAYS, WHY_NOT

_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ContactForm(forms.Form):
    """`result` is the button: not reached, reached, visited. The six clears come with what is known
    of each; a field left as it is says nothing new."""

    result = forms.ChoiceField(
        choices=[("no", "no"), ("yes", "yes"), ("visited", "visited")],
        error_messages={
            "required": gettext_lazy("请按一个按钮：没联系上、联系上了，或者上门见到了。")
        },
    )
    how = forms.ChoiceField(label=gettext_lazy("怎样联系的"), required=False)
    was_talk = forms.BooleanField(label=gettext_lazy("谈心谈话（每年至少一次）"), required=False)
    why_not = forms.ChoiceField(label=gettext_lazy("没联系上的原因"), required=False)
    note = forms.CharField(
        label=gettext_lazy("补充一句"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("只写下一步要做的事；不写身份证号、电话和住址。"),
    )
    next_on = forms.DateField(label=gettext_lazy("约好下次联系的日子"), required=False, widget=_DAY)
    said_by = forms.ChoiceField(label=gettext_lazy("六清是谁说的"), required=False)
    asks_help = forms.BooleanField(
        label=gettext_lazy("本人希望帮忙：请支部书记看一看困难诉求"), required=False
    )

    def __init__(self, *args: Any, clears: list[ClearFacts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clears = clears
        self._choices("how", WAYS)
        self._choices("why_not", {"": "—", **WHY_NOT})
        self._choices("said_by", SAYERS)
        for clear in clears:
            self.fields[f"clear_{clear.code}"] = forms.CharField(
                label=clear.label,
                required=False,
                max_length=300,
                initial=clear.text,
                help_text=_known(clear),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def _choices(self, name: str, words: dict[str, str]) -> None:
        field = self.fields[name]
        field.choices = [(code, _(word)) for code, word in words.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("asks_help") and not typed.get("clear_difficulty", "").strip():
            self.add_error("clear_difficulty", _("要请人帮忙的，写一句是什么难处。"))
        return typed

    @property
    def way(self) -> str:
        """A visit is its button; otherwise what was chosen, a call when nothing was."""
        if self.cleaned_data["result"] == "visited":
            return "visit"
        return self.cleaned_data["how"] or "call"

    @property
    def was_reached(self) -> bool:
        return bool(self.cleaned_data["result"] != "no")

    def clear_fields(self) -> Iterator[forms.BoundField]:
        return (self[f"clear_{clear.code}"] for clear in self.clears)

    def said(self) -> list[Said]:
        """What is new among the six: words that differ from those that stand, or a call for help."""
        typed = self.cleaned_data
        new = []
        for clear in self.clears:
            text = typed[f"clear_{clear.code}"].strip()
            asks_help = clear.code == "difficulty" and typed["asks_help"]
            if text and (text != clear.text or asks_help):
                said_by = "member" if clear.code == "mind" else typed["said_by"] or "member"
                new.append(Said(clear.code, text, said_by, asks_help))
        return new


def _known(clear: ClearFacts) -> str:
    """What is asked, and as of when by whose word it is known."""
    if clear.as_of is None:
        return clear.question
    known = _("%(day)s %(who)s说") % {"day": clear.as_of.isoformat(), "who": clear.said_by_label}
    return f"{known}。{_('该再问问了。')}" if clear.is_stale else f"{known}。"
