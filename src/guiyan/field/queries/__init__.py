"""The only ways to see what is due, and what phones hold."""

from guiyan.field.queries.dues import (
    dues_for,
    dues_of_subjects,
    open_kinds_of,
    overdue_counts,
    overdue_under,
)

__all__ = ["dues_for", "dues_of_subjects", "open_kinds_of", "overdue_counts", "overdue_under"]
