"""The doctor: every check, the database's first."""

from guiyan.platform.health import database_checks, machine_checks
from guiyan.platform.health.findings import Finding, run_checks

# Named so that importing them, which registers their checks, is plainly on purpose.
CHECKED = (database_checks, machine_checks)


def examine() -> list[Finding]:
    """Run all checks. Each stands by itself: one that fails stops none of the others."""
    return run_checks()
