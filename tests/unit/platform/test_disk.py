"""How full the disk is, as the doctor says it."""

import shutil
from typing import NamedTuple

import pytest

from guiyan.platform.health import machine_checks


class Usage(NamedTuple):
    """What the system answers; blocks kept back for the administrator are in neither part."""

    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("used", "free", "grade", "said"),
    [(60, 20, "ok", "75 %"), (64, 16, "warning", "80 %"), (72, 8, "fault", "90 %")],
)
def test_what_is_kept_back_for_nobody_is_not_used(
    monkeypatch: pytest.MonkeyPatch, used: int, free: int, grade: str, said: str
) -> None:
    usage = Usage(200 * 2**30, used * 2**30, free * 2**30)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    finding = machine_checks.disk()
    assert (finding.grade, finding.seen) == (grade, f"{said} used, {free} GiB free")
