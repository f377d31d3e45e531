"""What Guiyan must never have (mission.md, trust.md 3.7), and how its source is kept."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).parents[3]
GUIYAN = ROOT / "src" / "guiyan"

NEVER = re.compile(
    r"streak|leader.?board|\brank(ed|ing|s)?\b|clock.?in\b|gamif|online_(time|seconds|minutes)"
    r"|dwell|activity_rate|login_rate|install_rate|geolocation|getCurrentPosition|watchPosition"
    r"|capture=|积分|排名|排行|打卡|在线时长|学习时长|活跃度|得分|评分|红黑榜|先进榜",
    re.IGNORECASE,
)
ALLOWED = {
    "orgs/queries/places.py": "orders places found by a name, never units or people",
    "web/device_policy.py": "forbids every page to ask where a phone is",
}

# Coordinates are of places that stand still, never of a person or of a phone.
WITH_COORDINATES = {
    "orgs.organisation": "a pin that an official sets",
    "orgs.servicepoint": "a desk that stands in the directory",
    "orgs.division": "the middle of a village, from the public list",
    "orgs.boundary": "the middle of a division, from its public boundary",
    "outreach.premises": "a shop, from the register of businesses",
}
OF_PERSONS_NEVER = re.compile(
    r"score|rating|grade|rank|streak|points?$|duration|minutes|seconds|photo|track|opinion|loyalty"
    r"|attendance_rate|latitude|longitude"
)

RAW_SQL = {
    "access/sessions.py": "who acts, at each request of staff: the room's own tables, a fifth of the time",
    "access/member_codes.py": "who has this number, asked of a reviewed function",
    "field/commands/dues.py": "what hundreds of contact persons owe changes hands in one statement",
    "field/receipts.py": "receipts of a whole batch are claimed and settled in one statement each",
    "liaison/pairing/queries.py": "who has no contact person, asked of a reviewed function",
    "members/registering.py": "duplicates elsewhere, noted by a reviewed function",
    "outreach/census/forgetting.py": "visits are append-only: a reviewed function removes the oldest",
    "outreach/census/counts.py": "sums of a thousand bodies grow in one statement",
    "orgs/commands/stillness.py": "how long a move waits until nobody writes below",
    "orgs/divisions/load.py": "620,573 rows by COPY",
    "orgs/tree_sql.py": "moves and merges by reviewed functions",
    "web/health.py": "whether the database answers",
}


def texts(*endings: str) -> Iterator[tuple[str, str]]:
    """Our own files with these endings, migrations and vendored ones apart."""
    for file in sorted(GUIYAN.rglob("*")):
        path = file.relative_to(GUIYAN).as_posix()
        if file.suffix in endings and "vendor/" not in path and "/migrations/" not in path:
            yield path, file.read_text(encoding="utf-8")


def addresses(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        yield str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name)


def own_models() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if model.__module__.startswith("guiyan."))


def test_no_page_script_or_rule_speaks_of_what_must_never_be() -> None:
    found = {
        path: match.group()
        for path, text in texts(".py", ".html", ".js", ".css", ".toml")
        if (match := NEVER.search(text)) and path not in ALLOWED
    }
    assert found == {}


def test_no_address_speaks_of_what_must_never_be() -> None:
    assert [name for name in addresses(get_resolver()) if NEVER.search(name)] == []


def test_no_table_holds_scores_ranks_durations_pictures_or_tracks_of_persons() -> None:
    found = {
        f"{model._meta.label_lower}.{field.name}"
        for model in own_models()
        for field in model._meta.concrete_fields
        if OF_PERSONS_NEVER.search(field.name)
        and not (
            field.name in {"latitude", "longitude"} and model._meta.label_lower in WITH_COORDINATES
        )
    }
    assert found == set()


def test_no_table_keeps_a_file_beside_the_sealed_store() -> None:
    fields = [field for model in own_models() for field in model._meta.get_fields()]
    assert [f.name for f in fields if isinstance(f, models.FileField)] == []


@pytest.mark.parametrize(
    "denied", [r"\son[a-z]+\s*=", r"\sstyle\s*=", r"\|\s*safe\b", "autoescape off"]
)
def test_templates_carry_no_handlers_no_styles_and_nothing_unescaped(denied: str) -> None:
    assert [path for path, text in texts(".html") if re.search(denied, text)] == []


def test_no_template_loads_from_another_host() -> None:
    loaded = re.compile(
        r"""(?:src|action|srcset)=["']?(?:https?:)?//|<link[^>]+href=["']?https?:"""
    )
    assert [path for path, text in texts(".html", ".css") if loaded.search(text)] == []


def test_text_is_marked_safe_in_two_places_only() -> None:
    marked = [path for path, text in texts(".py") if "mark_safe(" in text]
    assert sorted(marked) == [
        "platform/templatetags/lines.py",  # the template's own text around words that are escaped
        "web/templatetags/shell.py",  # the package's own style sheet
    ]


def test_raw_sql_stays_in_the_platform_and_where_a_reason_is_written() -> None:
    raw = re.compile(r"\.cursor\(|\.raw\(|RawSQL|\.extra\(")
    found = {path for path, text in texts(".py") if raw.search(text)}
    assert {path for path in found if not path.startswith("platform/")} == set(RAW_SQL)


def test_the_day_of_a_moment_is_asked_in_one_place() -> None:
    """`.date()` of a moment is the day in UTC: until eight in the morning that is yesterday."""
    days = re.compile(r"(?<!written)\.date\(\)")
    found = {path for path, text in texts(".py") if days.search(text)}
    assert found == {"kernel/calendar.py"}


def test_no_test_sleeps() -> None:
    sleeps = re.compile(r"\b(time|asyncio)\.sleep\(")
    tests = (ROOT / "tests").rglob("test_*.py")
    assert [f.name for f in tests if f != Path(__file__) and sleeps.search(f.read_text())] == []


def test_every_dependency_says_what_it_is_for() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    named = [
        line
        for line in lines
        if re.match(r'\s+"[A-Za-z0-9_.-]+(\[[a-z,]+\])?([~=<>!].*)?",?', line)
    ]
    asked = [
        line for line in named if not line.strip().startswith(('"RUF', '"S', '"browser', '"slow'))
    ]
    assert [line.strip() for line in asked if "# " not in line and ":" not in line] == []


def test_lock_files_name_no_host_and_every_hash() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        pinned = re.findall(r"^[A-Za-z0-9_.\[\]-]+==", text, re.MULTILINE)
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)


def test_files_stay_about_400_lines() -> None:
    folders = [ROOT / name for name in ("src/guiyan", "tests", "scripts")]
    files = [f for folder in folders for f in folder.rglob("*.py") if "migrations" not in f.parts]
    lengths = {f.name: len(f.read_text(encoding="utf-8").splitlines()) for f in files}
    assert {name: length for name, length in lengths.items() if length > 440} == {}


def test_functions_stay_under_about_50_lines() -> None:
    found = {
        f"{path}:{node.name}": length
        for path, text in texts(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > 60
    }
    assert found == {}
