"""The six questions of the public report, each a form of one page."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.flows.check_in import WISHES, Way

Text = str | Promise


class NameForm(forms.Form):
    name = forms.CharField(max_length=50, error_messages={"required": _("请写下姓名。")})


class PhoneForm(forms.Form):
    phone = forms.CharField(max_length=30, required=False)


class HomeForm(forms.Form):
    home = forms.CharField(max_length=100, required=False)


class PlaceForm(forms.Form):
    now_at = forms.CharField(max_length=100, required=False)


class TradeForm(forms.Form):
    trade = forms.CharField(max_length=40, required=False)


class WishForm(forms.Form):
    wish = forms.ChoiceField(
        choices=list(WISHES.items()), widget=forms.RadioSelect, required=False, initial="call"
    )
    note = forms.CharField(
        label=_("还想说什么"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


FORMS: dict[str, type[forms.Form]] = {
    "name": NameForm,
    "phone": PhoneForm,
    "home": HomeForm,
    "now_at": PlaceForm,
    "trade": TradeForm,
    "wish": WishForm,
}
QUESTIONS: dict[Way, dict[str, tuple[Text, Text]]] = {
    "self": {
        "name": (_("您叫什么名字"), ""),
        "phone": (_("您的电话"), _("没有电话、不想留都可以不填。家人的号码也行。")),
        "home": (_("您的组织关系在哪里"), _("例如：美姑县巴普镇某某村党支部。记不清就写县和乡。")),
        "now_at": (_("您现在住在哪里、在哪里干活"), _("写到镇、街道、小区或工地就行。")),
        "trade": (_("您做什么工作"), _("例如：建筑、餐饮、家政。")),
        "wish": (_("我们怎样联系您"), ""),
    },
    "peer": {
        "name": (_("这位同志叫什么名字"), ""),
        "phone": (_("这位同志的电话"), _("不知道就不填。")),
        "home": (_("这位同志的组织关系在哪里"), _("知道县和乡就行；不知道就不填。")),
        "now_at": (_("这位同志现在住在哪里、在哪里干活"), _("写到镇、街道、小区或工地就行。")),
        "trade": (_("这位同志做什么工作"), _("例如：建筑、餐饮、家政。")),
        "wish": (_("怎样联系这位同志合适"), ""),
    },
}
_TYPING: dict[str, dict[str, str]] = {
    "name": {"autocomplete": "name"},
    "phone": {"autocomplete": "tel", "inputmode": "tel"},
}


def form_of(step: str, way: Way, *args: Any, **options: Any) -> forms.Form:
    """The form of one question, in the words for oneself or for somebody else."""
    form = FORMS[step](*args, **options)
    label, hint = QUESTIONS[way][step]
    form.fields[step].label, form.fields[step].help_text = str(label), str(hint)
    if way == "self":
        form.fields[step].widget.attrs |= _TYPING.get(step, {})
    return form
