"""By which day a state is to be answered, from the rule parameters of the answering organisation."""

from datetime import date, timedelta

from guiyan.flows.rules import ANSWER_WITHIN, CaseState
from guiyan.kernel.calendar import add_working_days
from guiyan.orgs import queries as org_queries

WORKING_DAYS = "个工作日"  # the unit of such parameters, as the list of parameters writes it


def answer_by(state: CaseState | str, path: str, on: date) -> date | None:
    """None for states without a next step that somebody owes (placed, ended).

    The parameter of the answering organisation, or of the nearest one above it, counts; its unit
    says whether its days are working days.
    """
    name = ANSWER_WITHIN.get(CaseState(state))
    if name is None:
        return None
    return day_after(name, path, on)


class AnswerDays:
    """`answer_by` for many cases of one day: each organisation is asked about once."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._known: dict[tuple[str, str], date | None] = {}

    def answer_by(self, state: CaseState | str, path: str) -> date | None:
        key = (str(state), path)
        if key not in self._known:
            self._known[key] = answer_by(state, path, self._on)
        return self._known[key]


def day_after(name: str, path: str, on: date) -> date:
    """The day that the parameter `name` puts after `on`: working days or calendar days."""
    parameter = org_queries.parameter(name, path=path, on=on)
    if parameter.unit == WORKING_DAYS:
        return add_working_days(on, parameter.value, org_queries.working_days())
    return on + timedelta(days=parameter.value)
