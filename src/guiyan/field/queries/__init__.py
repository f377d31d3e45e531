"""The only ways to see what is due, and what phones hold."""

from guiyan.field.queries.dues import (
    DueFacts,
    DuePage,
    begun_between,
    dues_ahead,
    dues_for,
    dues_of_subjects,
    open_kinds_of,
    overdue_case_ids,
    overdue_counts,
    overdue_subjects,
    overdue_under,
)
from guiyan.field.queries.sync import (
    areas_for,
    decidable,
    phones_for,
    receipt_for,
    refuse_outsiders,
    waiting_for,
    waiting_of_phone,
    waiting_page,
    work_counts,
)

__all__ = [
    "DueFacts",
    "DuePage",
    "areas_for",
    "begun_between",
    "decidable",
    "dues_ahead",
    "dues_for",
    "dues_of_subjects",
    "open_kinds_of",
    "overdue_case_ids",
    "overdue_counts",
    "overdue_subjects",
    "overdue_under",
    "phones_for",
    "receipt_for",
    "refuse_outsiders",
    "waiting_for",
    "waiting_of_phone",
    "waiting_page",
    "work_counts",
]
