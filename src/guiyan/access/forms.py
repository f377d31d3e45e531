"""Forms of access."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guiyan.access import rules
from guiyan.access.roles import ROLES
from guiyan.access.sentences import actions, permission_sentence
from guiyan.access.signing_in import SecondFactor
from guiyan.kernel.phones import Phone, read_phone
from guiyan.orgs import queries as orgs
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _code_input() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})


class SignInForm(forms.Form):
    login = forms.CharField(
        label=_("登录名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": _("请填写登录名。")},
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写密码。")},
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    """A six-digit code, or what the passkey script has put into the hidden fields."""

    code = forms.CharField(
        label=_("六位验证码"), max_length=12, required=False, widget=_code_input()
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    challenge = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("code") and not given.get("credential"):
            self.add_error("code", _("请填写六位验证码。"))
        return given

    def factor(self) -> SecondFactor:
        given = self.cleaned_data
        return SecondFactor(given["code"], given["credential"], given["challenge"])


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("新密码"),
        help_text=_("至少10位，用大写字母、小写字母、数字、符号中的三种；或者16位以上。"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请填写新密码。")},
    )
    again = forms.CharField(
        label=_("再填一遍"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请再填一遍新密码。")},
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") and given.get("again") != given["password"]:
            self.add_error("again", _("两次填写的不一样。请重新填写。"))
        return given


class ChangePasswordForm(PasswordForm):
    present = forms.CharField(
        label=_("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写现在的密码。")},
    )
    field_order = ("present", "password", "again")


class EnrolForm(forms.Form):
    sealed_secret = forms.CharField(max_length=500, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("应用里显示的六位验证码"),
        max_length=12,
        widget=_code_input(),
        error_messages={"required": _("请填写应用里显示的六位验证码。")},
    )


class PasskeyForm(forms.Form):
    name = forms.CharField(label=_("给它起个名字"), max_length=60, required=False)
    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)
    challenge = forms.CharField(max_length=500, widget=forms.HiddenInput)


class ConfirmForm(CodeForm):
    """The password and the present second factor, anew."""

    password = forms.CharField(
        label=_("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写现在的密码。")},
    )
    field_order = ("password", "code", "credential", "challenge")


class ElevationForm(CodeForm):
    reason = forms.CharField(
        label=_("事由"),
        help_text=_("会随这段时间里的每次操作一起记录，党员本人也看得到。"),
        max_length=200,
        error_messages={"required": _("请写明提权事由。")},
    )
    minutes = forms.TypedChoiceField(
        label=_("多长时间"),
        coerce=int,
        choices=lambda: [(n, gettext("%d 分钟") % n) for n in rules.ELEVATION_CHOICES_MIN],
    )
    field_order = ("reason", "minutes", "code", "credential", "challenge")


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("您自己的手机号码"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("请填写手机号码。")},
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def clean_phone(self) -> Phone:
        read = read_phone(self.cleaned_data["phone"])
        if not isinstance(read, Phone):
            raise forms.ValidationError(_(read.message))
        return read


class MemberCodeForm(forms.Form):
    code = forms.CharField(
        label=_("六位验证码"),
        max_length=12,
        widget=_code_input(),
        error_messages={"required": _("请填写收到的六位验证码。")},
    )


class GrantForm(forms.Form):
    role = forms.ChoiceField(
        label=_("角色"),
        choices=[("", _("请选择")), *((role.code, role.name) for role in ROLES.values())],
        error_messages={"required": _("请选择这个账号的角色。")},
    )
    organisation_code = forms.CharField(
        label=_("组织"),
        help_text=_("填组织代码或全称，须在您的管理范围内。"),
        max_length=200,
        error_messages={"required": _("请填写组织代码或名称。")},
    )
    valid_from = forms.DateField(label=_("从哪天起"), initial=timezone.localdate, widget=DayInput())
    valid_to = forms.DateField(
        label=_("到哪天止"),
        help_text=_("当天仍有效；不填表示长期。"),
        required=False,
        widget=DayInput(),
    )
    reason = forms.CharField(label=_("依据"), max_length=200, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._actor = actor

    def clean(self) -> dict[str, Any]:
        """The organisation by code or name; one outside the actor's scope is not found."""
        given = super().clean() or {}
        text = given.pop("organisation_code", "")
        if text:
            place = orgs.find_organisation(text=text, under=self._actor.path or None)
            if place is None:
                said = [_("管理范围内没有这个组织。请核对代码或名称。")]
                meant = orgs.may_be_meant(text, under=self._actor.path or None)
                self.add_error("organisation_code", [*said, meant] if meant else said)
            else:
                given["organisation_id"] = place.id
        return given


class AccountForm(GrantForm):
    login = forms.CharField(
        label=_("登录名"),
        help_text=_("3到60个小写字母、数字、点或横线。"),
        max_length=60,
        error_messages={"required": _("请填写登录名。")},
    )
    name = forms.CharField(
        label=_("姓名"), max_length=80, error_messages={"required": _("请填写姓名。")}
    )
    field_order = ("login", "name")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("事由"), max_length=200, error_messages={"required": _("请写明事由。")}
    )


class WhyForm(forms.Form):
    permission = forms.ChoiceField(label=_("做什么"))
    organisation_code = forms.CharField(
        label=_("在哪个组织"),
        max_length=200,
        error_messages={"required": _("请填写组织代码或名称。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["permission"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(each.value, permission_sentence(each)) for each in Permission]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        text = given.pop("organisation_code", "")
        place = orgs.find_organisation(text=text) if text else None
        if text and place is None:
            said = [_("没有这个组织。请核对代码或名称。")]
            meant = orgs.may_be_meant(text)
            self.add_error("organisation_code", [*said, meant] if meant else said)
        if place is not None:
            given["organisation_id"] = place.id
            given["permission"] = Permission(given["permission"])
        return given


class AuditFilterForm(forms.Form):
    action = forms.ChoiceField(label=_("操作"), required=False)
    person = forms.CharField(label=_("操作人姓名"), max_length=80, required=False)
    day = forms.DateField(label=_("哪一天"), required=False, widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["action"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("全部")), *actions()]
