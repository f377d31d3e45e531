"""Forms of keeping in touch: the shortest there are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.liaison.rules import WAYS
from guiyan.liaison.types import Candidate


class ContactForm(forms.Form):
    """One press on a button says how and whether; a note may be added, none is asked for."""

    result = forms.ChoiceField(
        choices=[(f"{way}:{reached}", way) for way in WAYS for reached in ("yes", "no")],
        error_messages={"required": _("请按一个按钮：怎样联系的，联系上没有。")},
    )
    note = forms.CharField(
        label=_("补充一句"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("先写好，再按上面的按钮。只写下一步要做的事；不写身份证号、电话和住址。"),
    )

    @property
    def how(self) -> str:
        return str(self.cleaned_data["result"]).partition(":")[0]

    @property
    def was_reached(self) -> bool:
        return str(self.cleaned_data["result"]).endswith(":yes")


class ContactPersonForm(forms.Form):
    """One of the proposed persons, each with the reason."""

    account_id = forms.ChoiceField(
        label=_("由谁联系"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择一位联系人。")},
    )
    hand_over_note = forms.CharField(
        label=_("交接说明"),
        required=False,
        max_length=300,
        help_text=_("换人时，前一位联系人要交代的事。"),
    )

    def __init__(self, *args: Any, candidates: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account_id"].choices = [  # type: ignore[attr-defined]
            (str(person.account_id), f"{person.name}（{person.why}）") for person in candidates
        ]
