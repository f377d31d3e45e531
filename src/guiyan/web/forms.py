"""Forms of the shell."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FeedbackForm(forms.Form):
    text = forms.CharField(
        label=_("您想说什么"),
        help_text=_("投诉、建议、哪里不好用，都可以写。请不要写身份证号码和电话号码。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("还没有写内容，请写一句话再提交。"),
            "max_length": _("最多写500字，请缩短一些。"),
        },
    )
    about = forms.CharField(
        label=_("涉及哪个单位"),
        help_text=_("可以写单位名称，不清楚就空着。"),
        max_length=80,
        required=False,
    )
    page = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("答复"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写下答复再提交。")},
    )
