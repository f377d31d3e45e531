"""Every write is a command: keyword-only, `by=`, with a sentence in the audit; every form is guarded."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import guiyan
from guiyan.access import sentences
from guiyan.platform.commands import commands
from guiyan.platform.permissions import Permission

GUIYAN = Path(__file__).parents[3] / "src" / "guiyan"
FORM = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>(.*?)</form>", re.DOTALL | re.IGNORECASE)

ROOMS = {path.name for path in GUIYAN.iterdir() if path.is_dir()}


def all_commands() -> dict[str, Permission | None]:
    """Load every module, so that every command has registered itself."""
    for module in pkgutil.walk_packages(guiyan.__path__, "guiyan."):
        if ".migrations" not in module.name and not module.name.endswith(("__main__", ".wsgi")):
            importlib.import_module(module.name)
    return commands()


def test_every_command_has_a_sentence_in_the_audit() -> None:
    named = sentences.named_actions()
    own = {name for name in all_commands() if name.split(".")[0] in ROOMS}
    assert sorted(own - named) == []


def test_every_permission_has_a_sentence() -> None:
    assert all(sentences.permission_sentence(permission) for permission in Permission)


def test_every_command_takes_keywords_only_and_says_by_whom() -> None:
    wrong = []
    for file in GUIYAN.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(map(_is_command, node.decorator_list)):
                names = [argument.arg for argument in node.args.kwonlyargs]
                if node.args.args or node.args.posonlyargs or "by" not in names:
                    wrong.append(f"{file.name}:{node.name}")
    assert wrong == []


def _is_command(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Name) and called.id == "command"


# Forms without a key of their own: a repeat is harmless, or must be judged anew.
_SIGN_IN = "codes, challenges and passwords count once; a repeat must not be given the first answer"
WITHOUT_KEY = {
    "set_password.html": _SIGN_IN,
    "change_password.html": _SIGN_IN,
    "member_code.html": _SIGN_IN,
    "member_sign_in.html": _SIGN_IN,
    "sign_in.html": _SIGN_IN,
    "second_factor.html": _SIGN_IN,
    "enrol.html": _SIGN_IN,
    "elevate.html": _SIGN_IN,
    "confirm_self.html": _SIGN_IN,
    "_passkey_question.html": _SIGN_IN,
    "_passkey_new.html": _SIGN_IN,
    "register.html": "a search by number, posted so that no number stands in an address",
    "check_in.html": "a question of the poster's form; only its last page writes",
}
# Forms without a token: WITHOUT_CSRF of the permission table says why.
WITHOUT_TOKEN = {"check_in.html", "check_in_checking.html"}

TEMPLATES = sorted(GUIYAN.rglob("templates/**/*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_writes_bears_the_token_and_its_own_key(template: Path) -> None:
    for form in FORM.findall(template.read_text(encoding="utf-8")):
        included = re.findall(r'include "([^"]+)"', form)
        form += "".join((template.parents[1] / name).read_text("utf-8") for name in included)
        is_guarded = "<c-form.guard" in form
        assert is_guarded or "csrf_token" in form or template.name in WITHOUT_TOKEN, form[:200]
        assert is_guarded or 'name="once"' in form or template.name in WITHOUT_KEY, form[:200]


def test_every_form_that_writes_is_written_plainly() -> None:
    """A form tag that this test could not read would not be looked at."""
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        assert len(re.findall(r"method=[\"']?post", text, re.IGNORECASE)) == len(FORM.findall(text))
