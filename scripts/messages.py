"""The message catalogues: found in code and templates, written, compiled and checked.

    python scripts/messages.py update     find messages, fill Traditional Chinese by OpenCC
    python scripts/messages.py compile    write the .mo files that Django reads
    python scripts/messages.py check      fail when a catalogue is behind or English is incomplete

The source language is Simplified Chinese, so it has no catalogue. English is written by people,
in django.po. A Traditional entry that a person corrected carries the comment "by hand" and is
kept. No gettext tools are needed.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize
from opencc import OpenCC

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "guiyan"
LOCALE = PACKAGE / "web" / "locale"
ENGLISH, TRADITIONAL = "en", "zh_Hant"
BY_HAND = "by hand"
PLURALS = {ENGLISH: "nplurals=2; plural=(n != 1);", TRADITIONAL: "nplurals=1; plural=0;"}

# Which arguments of a call are context, message and plural.
CALLS = {
    "_": ("message",),
    "gettext": ("message",),
    "gettext_lazy": ("message",),
    "gettext_noop": ("message",),
    "ngettext": ("message", "plural"),
    "ngettext_lazy": ("message", "plural"),
    "pgettext": ("context", "message"),
    "pgettext_lazy": ("context", "message"),
    "npgettext": ("context", "message", "plural"),
    "Refusal": ("code", "message"),
    "Refused": ("code", "message"),
    "WorkbookRefused": ("code", "message"),
    "Conflict": ("message",),
    "Phrase": ("message",),
}
LITERAL = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
IN_TEMPLATE = re.compile(rf"\b({'|'.join(CALLS)})\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)", re.DOTALL)
NAME_IN_TABLE = re.compile(r'^name = "(.+)"$', re.MULTILINE)  # kinds of organisation
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@dataclass
class Message:
    """One text, and the files in which it stands."""

    message: str
    plural: str = ""
    context: str = ""
    files: list[str] = field(default_factory=list)


def calls_in_python(source: str) -> Iterator[tuple[str, list[str]]]:
    """A call's texts by position; what is no constant text is empty, so a message in a variable is
    taken from where it was marked."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in CALLS:
                values = [getattr(argument, "value", "") for argument in node.args]
                yield name, [value if isinstance(value, str) else "" for value in values]


def calls_in_template(source: str) -> Iterator[tuple[str, list[str]]]:
    for name, literals in IN_TEMPLATE.findall(templatize(source)):
        yield name, [ast.literal_eval(text) for text in re.findall(LITERAL, literals)]


def calls_in_table(source: str) -> Iterator[tuple[str, list[str]]]:
    for name in NAME_IN_TABLE.findall(source):
        yield "gettext_noop", [name]


READERS = {".py": calls_in_python, ".html": calls_in_template, ".toml": calls_in_table}


def found_messages() -> dict[tuple[str, str], Message]:
    """Every marked text of the package by context and text, in the order of the files."""
    found: dict[tuple[str, str], Message] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in READERS or "/migrations/" in str(path):
            continue
        for name, texts in READERS[path.suffix](path.read_text(encoding="utf-8")):
            parts = dict(zip(CALLS[name], texts, strict=False))
            if text := parts.get("message"):
                key = (parts.get("context", ""), text)
                message = found.setdefault(key, Message(text, context=key[0]))
                message.plural = message.plural or parts.get("plural", "")
                file = str(path.relative_to(PACKAGE))
                if file not in message.files:
                    message.files.append(file)
    return found


def catalogue_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> polib.POFile:
    path = catalogue_path(language)
    catalogue = polib.pofile(str(path), wrapwidth=0) if path.exists() else polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return catalogue


def updated(language: str) -> polib.POFile:
    """The catalogue with every text found; a text that is gone stays as obsolete for its return."""
    before = read_catalogue(language)
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in before}
    after = polib.POFile(wrapwidth=0)
    after.metadata = before.metadata
    for key, message in found_messages().items():
        entry = known.pop(key, None) or polib.POEntry(
            msgid=message.message, msgctxt=message.context or None
        )
        entry.obsolete = False
        entry.occurrences = [(file, "") for file in message.files]
        if message.plural and not entry.msgid_plural:
            entry.msgid_plural, entry.msgstr = message.plural, ""
            entry.msgstr_plural = dict.fromkeys(range(2 if language == ENGLISH else 1), "")
        after.append(entry)
    for entry in known.values():
        if entry.msgstr or entry.msgstr_plural:
            entry.obsolete, entry.occurrences = True, []
            after.append(entry)
    return after


def fill_traditional(catalogue: polib.POFile) -> None:
    to_traditional = OpenCC("s2tw")  # characters as they are written today, words unchanged
    for entry in catalogue:
        if BY_HAND in entry.tcomment:
            continue
        converted = to_traditional.convert(entry.msgid)
        if entry.msgid_plural:
            entry.msgstr_plural = {0: converted}
        else:
            entry.msgstr = converted


def update() -> int:
    for language in (ENGLISH, TRADITIONAL):
        catalogue = updated(language)
        if language == TRADITIONAL:
            fill_traditional(catalogue)
        catalogue_path(language).parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(catalogue_path(language)))
        print(f"{language}: {len(catalogue)} messages, {len(lacking(catalogue))} to translate")
    return compile_catalogues()


def compile_catalogues() -> int:
    for language in (ENGLISH, TRADITIONAL):
        catalogue = read_catalogue(language)
        catalogue.save_as_mofile(str(catalogue_path(language).with_suffix(".mo")))
    return 0


def lacking(catalogue: polib.POFile) -> list[str]:
    """Texts without a translation."""
    return [entry.msgid for entry in catalogue if not entry.obsolete and not entry.translated()]


def other_placeholders(catalogue: polib.POFile) -> list[str]:
    """Texts whose translation names other values than the text does."""
    return [
        entry.msgid
        for entry in catalogue
        if not entry.obsolete
        for translation in (entry.msgstr, *entry.msgstr_plural.values())
        if translation
        and set(PLACEHOLDER.findall(translation)) != set(PLACEHOLDER.findall(entry.msgid))
    ]


def problems() -> Iterator[str]:
    """What is wrong with the catalogues, a line each."""
    found = found_messages()
    for language in (ENGLISH, TRADITIONAL):
        catalogue = read_catalogue(language)
        present = {(e.msgctxt or "", e.msgid) for e in catalogue if not e.obsolete}
        for _, text in sorted(found.keys() - present):
            yield f"{language}: not in the catalogue, run update: {text}"
        for _, text in sorted(present - found.keys()):
            yield f"{language}: no longer in the code, run update: {text}"
        for text in lacking(catalogue):
            yield f"{language}: not translated: {text}"
        for text in other_placeholders(catalogue):
            yield f"{language}: other placeholders: {text}"
        compiled = catalogue_path(language).with_suffix(".mo")
        if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
            yield f"{language}: the .mo file is behind, run compile"


def check() -> int:
    found = list(problems())
    print("\n".join(found) or "The catalogues are complete.")
    return 1 if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="The message catalogues.")
    parser.add_argument("what", choices=["update", "compile", "check"])
    settings.configure(USE_I18N=True)
    what = parser.parse_args().what
    return {"update": update, "compile": compile_catalogues, "check": check}[what]()


if __name__ == "__main__":
    sys.exit(main())
