"""Paper typed in by keyboard alone: one line is a code, Enter, a key, Enter."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.outreach.census.codes import read_code


class KeyedLine(forms.Form):
    """The code and the key of one line. The key may follow the code in the same field: 00048 1."""

    RESULTS: ClassVar[Mapping[str, str]]  # what each key says

    code = forms.CharField(label=_("编码"), max_length=16)
    key = forms.CharField(label=_("结果"), required=False, max_length=1)

    typed_key = ""
    number = 0  # what the code stands for, once it was read

    def clean_code(self) -> str:
        code, _space, key = str(self.cleaned_data["code"]).strip().partition(" ")
        if key and not self.data.get("key"):
            self.typed_key = key.strip()[:1]
        number = read_code(code)
        if not isinstance(number, int):
            raise forms.ValidationError(_(number.message), code=number.code)
        self.number = number
        return code

    @property
    def result(self) -> str:
        """What the key says; empty while none was typed, or one that says nothing."""
        return self.RESULTS.get(self.cleaned_data.get("key") or self.typed_key, "")
