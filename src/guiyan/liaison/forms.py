"""Forms of keeping in touch: the shortest there are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.liaison.types import Candidate


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
