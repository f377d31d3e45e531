"""Forms of the file: what a person may type, checked for shape here and for sense by the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guiyan.members import rules, words
from guiyan.members.fields import CORRECTABLE
from guiyan.members.types import MemberFacts, NewMember

_NOTHING = [("", "—")]


_REASONS = [(code, _(text)) for code, text in rules.REVEAL_REASONS.items()]


def _choices(table: words.Words, *, may_be_empty: bool = False) -> list[tuple[Any, Any]]:
    return (_NOTHING if may_be_empty else []) + list(table.items())


def _date(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        **options,
    )


class FactsForm(forms.Form):
    """The facts that are not in the vault."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    sex = forms.ChoiceField(
        label=_("性别"), choices=_choices(words.SEX, may_be_empty=True), required=False
    )
    born_on = _date(_("出生日期"))
    ethnicity = forms.ChoiceField(
        label=_("民族"), choices=_choices(words.ETHNICITY, may_be_empty=True), required=False
    )
    category = forms.ChoiceField(label=_("人员类别"), choices=_choices(words.CATEGORY))
    joined_on = _date(_("入党日期"))
    joined_precision = forms.ChoiceField(
        label=_("入党日期知道到哪一级"), choices=_choices(words.PRECISION)
    )
    trade = forms.CharField(label=_("从事行业"), max_length=60, required=False)
    languages = forms.MultipleChoiceField(
        label=_("会说的语言"),
        choices=_choices(words.LANGUAGE),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reads = forms.MultipleChoiceField(
        label=_("会读的文字"),
        choices=_choices(words.SCRIPT),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("不清楚就不选。"),
    )
    has_phone = forms.BooleanField(label=_("有手机"), required=False)
    reads_little = forms.BooleanField(label=_("读写不便"), required=False)


class ChangeForm(FactsForm):
    """A change of facts, over the version that the person saw, for a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("修改的理由"), max_length=200, help_text=_("例如：本人来电说明换了工作")
    )

    @classmethod
    def of(cls, facts: MemberFacts) -> "ChangeForm":
        names = [name for name in cls.base_fields if name not in ("reason",)]
        return cls(initial={name: getattr(facts, name) for name in names})


class NewMemberForm(FactsForm):
    """A new file; identity is typed once, at this moment, by a person."""

    field_order = ["name", "id_number", "phone", "phone_whose", "phone_relation", "address"]
    id_number = forms.CharField(
        label=_("身份证号码"), max_length=40, required=False, help_text=_("没有带证件可以先不填")
    )
    phone = forms.CharField(label=_("电话号码"), max_length=40, required=False)
    phone_whose = forms.ChoiceField(label=_("这个号码是谁的"), choices=_choices(words.WHOSE))
    phone_relation = forms.CharField(
        label=_("与本人的关系"), max_length=20, required=False, help_text=_("亲属的号码才填")
    )
    address = forms.CharField(label=_("现居住地址"), max_length=200, required=False)
    is_another_person = forms.BooleanField(
        label=_("已核对：下面列出的不是同一个人"), required=False, widget=forms.HiddenInput
    )

    def new_member(self, **sides: Any) -> NewMember:
        typed = {k: v for k, v in self.cleaned_data.items() if k != "is_another_person"}
        return NewMember(**typed, **sides)


class IdentityForm(forms.Form):
    """A new number or address in place of the one before."""

    kind = forms.ChoiceField(label=_("登记哪一项"), choices=_choices(words.KIND))
    value = forms.CharField(label=_("内容"), max_length=200)
    whose = forms.ChoiceField(
        label=_("号码是谁的"), choices=_choices(words.WHOSE), help_text=_("登记电话才需要选")
    )
    relation = forms.CharField(
        label=_("与本人的关系"), max_length=20, required=False, help_text=_("亲属的号码才填")
    )
    reason = forms.CharField(label=_("理由"), max_length=200)


class RevealForm(forms.Form):
    """Why one field is opened."""

    reason = forms.ChoiceField(label=_("为什么要看"), choices=_REASONS, widget=forms.RadioSelect)
    case_number = forms.CharField(
        label=_("案号或文号"), max_length=30, required=False, help_text=_("没有可以不填")
    )


class SearchForm(forms.Form):
    """By the beginning of a name, or by a whole number for a reason."""

    text = forms.CharField(
        label=_("姓名、拼音，或完整的身份证号码、电话号码"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.ChoiceField(
        label=_("用号码查找的理由"),
        choices=[*_NOTHING, *_REASONS],
        required=False,
        help_text=_("按姓名查找不用选；用号码查找会记录，本人看得到"),
    )


class ReasonForm(forms.Form):
    """A decision that others will read the reason of."""

    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class NumberSignInForm(ReasonForm):
    """What the desk does for a member who can't sign in with their own number."""

    act = forms.ChoiceField(
        label=_("办什么"),
        choices=[
            ("confirm", _("本人在场，已当面核对这个号码是本人的，马上可以登录")),
            ("codes", _("本人在场，今天的验证码被用完了，让这个号码今天可以再收")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("act", "reason")


class MergeForm(ReasonForm):
    """Which of two files is kept."""

    kept = forms.ChoiceField(label=_("保留哪一份"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, kept: list[tuple[Any, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["kept"]
        if isinstance(field, forms.ChoiceField):
            field.choices = kept


class AnswerForm(ReasonForm):
    """The answer to a request for correction."""

    answer = forms.ChoiceField(
        label=_("怎样答复"), choices=_choices(words.ANSWER), widget=forms.RadioSelect
    )


class CorrectionForm(forms.Form):
    """What the member says is wrong."""

    field = forms.ChoiceField(label=_("哪一项有误"), choices=_choices(dict(CORRECTABLE)))
    wish = forms.CharField(
        label=_("应当改成什么"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明正确的内容；需要证明材料时，工作人员会联系您"),
    )


class PaperConsentForm(forms.Form):
    """A yes or its withdrawal, as said at the desk or signed on paper."""

    how = forms.ChoiceField(
        label=_("本人怎样表示的"),
        choices=[("paper", _("书面签字")), ("spoken", _("口头"))],
        widget=forms.RadioSelect,
    )
    purpose = forms.CharField(widget=forms.HiddenInput)
    is_given = forms.BooleanField(widget=forms.HiddenInput, required=False)
