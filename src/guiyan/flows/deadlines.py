"""By which day a state is to be answered, from the rule parameters of the answering organisation."""

from datetime import date, timedelta

from guiyan.flows.rules import ANSWER_WITHIN, CaseState
from guiyan.orgs import queries as org_queries


def answer_by(state: CaseState | str, path: str, on: date) -> date | None:
    """None for states without a next step that somebody owes (placed, ended).

    The parameter of the answering organisation, or of the nearest one above it, counts; its unit
    says whether its days are working days.
    """
    name = ANSWER_WITHIN.get(CaseState(state))
    if name is None:
        return None
    return day_after(name, path, on)


def day_after(name: str, path: str, on: date) -> date:
    """The day that the parameter `name` puts after `on`: working days or calendar days."""
    parameter = org_queries.parameter(name, path=path, on=on)
    if parameter.unit == "working_days":
        return org_queries.working_days().add_working_days(on, parameter.value)
    return on + timedelta(days=parameter.value)
