"""Texts of the kernel and the rules: looked up first, then filled in, in the reader's language or,
for what is kept, in the language of the records."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from guiyan.kernel.findings import Phrase

Values = Mapping[str, str | int | tuple[str, ...]]


def said(text: str, values: Values | None = None) -> str:
    """The text in the reader's language, with its values; without values it is taken as it is."""
    words = _(text)
    return words % {name: _written(value) for name, value in values.items()} if values else words


def sentence(phrases: Sequence[Phrase]) -> str:
    """Several phrases as one sentence."""
    return _("，").join(said(phrase.text, phrase.values) for phrase in phrases)


def on_record(phrases: Sequence[Phrase]) -> str:
    """The sentence as it is kept: in the language of the records, whoever wrote it."""
    with override(settings.LANGUAGE_CODE):
        return sentence(phrases)


def _written(value: str | int | tuple[str, ...]) -> str | int:
    return _("、").join(_(word) for word in value) if isinstance(value, tuple) else value
