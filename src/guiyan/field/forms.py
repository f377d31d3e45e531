"""Forms of field."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.field.rules.packets import LARGEST_BYTES


class ManyIds(forms.Field):
    """One or more ids, as boxes that were ticked."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[Any]:
        if not value:
            raise forms.ValidationError(_("请先勾选。"))
        one = forms.UUIDField()
        return [one.clean(each) for each in value[:200]]


class WhichForm(forms.Form):
    operation = ManyIds()


class ChooseForm(forms.Form):
    operation = forms.UUIDField()


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("退回的理由"), max_length=200, min_length=2, help_text=_("填写的人会在手机上看到。")
    )


class HandOverForm(forms.Form):
    """The file as it came from the other phone."""

    file = forms.FileField(
        label=_("转交文件"), help_text=_("在没有网络的手机上点“转交”得到的文件。重复交不会重复记。")
    )

    def clean_file(self) -> dict[str, Any]:
        upload = self.cleaned_data["file"]
        broken = forms.ValidationError(_("这不是归雁的转交文件，或者文件不完整。请重新选一份。"))
        if upload.size > LARGEST_BYTES:
            raise broken
        try:
            content = json.loads(upload.read())
        except (ValueError, RecursionError) as wrong:
            raise broken from wrong
        if not isinstance(content, dict):
            raise broken
        return content
