"""The doctor looks at everything, and each fault comes with the line that mends it."""

import pytest
from django.conf import settings

from guiyan.platform.health.doctor import examine
from guiyan.platform.health.findings import Finding

pytestmark = pytest.mark.django_db


def by_name() -> dict[str, Finding]:
    return {finding.check: finding for finding in examine()}


def test_there_are_at_least_twenty_five_checks_each_with_a_name_of_its_own() -> None:
    findings = examine()
    assert len(findings) >= 25
    assert len({finding.check for finding in findings}) == len(findings)


def test_no_check_breaks_down() -> None:
    assert [f for f in examine() if f.seen.startswith("could not be checked")] == []


def test_a_finding_that_is_not_ok_says_what_to_do() -> None:
    for finding in examine():
        if finding.grade != "ok":
            assert finding.mend, finding.check


def test_the_web_role_and_its_tables_are_found_in_order() -> None:
    findings = by_name()
    for check in ("connection role", "role owns nothing", "row-level security", "migrations"):
        assert findings[check].grade == "ok", findings[check]


def test_debug_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEBUG", True)
    assert by_name()["DEBUG"].is_fault


def test_a_key_file_that_others_read_is_a_fault(keys_dir: object) -> None:
    from pathlib import Path

    file = next(Path(settings.KEYS_DIR).glob("*.json"))
    file.chmod(0o644)
    try:
        assert by_name()["key files"].is_fault
    finally:
        file.chmod(0o600)
