"""What the doctor says: one line a check, and for a fault the line that mends it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

Grade = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: how it stands, what was seen, and what to do."""

    check: str
    grade: Grade
    seen: str
    mend: str = ""

    @property
    def is_fault(self) -> bool:
        return self.grade == "fault"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    def as_line(self) -> str:
        mark = {"ok": "ok     ", "warning": "warning", "fault": "FAULT  "}[self.grade]
        line = f"{mark}  {self.check}: {self.seen}"
        return f"{line}\n         → {self.mend}" if self.mend and self.grade != "ok" else line


Check = Callable[[], Finding]
_checks: list[tuple[str, Check]] = []


def check(name: str) -> Callable[[Callable[[], "Finding"]], Check]:
    """Register a check; one that raises is a fault and says so, the others still run."""

    def register(function: Check) -> Check:
        _checks.append((name, function))
        return function

    return register


def graded(name: str, is_good: bool, seen: str, mend: str, *, bad: Grade = "fault") -> Finding:
    return Finding(name, "ok" if is_good else bad, seen, mend)


def run_checks() -> list[Finding]:
    findings = []
    for name, function in _checks:
        try:
            findings.append(function())
        except Exception as error:
            findings.append(
                Finding(name, "fault", f"could not be checked: {type(error).__name__}: {error}")
            )
    return findings
