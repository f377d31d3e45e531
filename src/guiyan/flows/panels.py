"""What upper rooms show on the page of a case or a lead: a template and what it needs.

An upper room registers its panel in `ready()`; flows knows neither its name nor its tables.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from guiyan.flows.types import CaseFacts, LeadFacts
from guiyan.platform.actor import Actor

Panel = tuple[str, Mapping[str, Any]]
PanelSource = Callable[[Actor, CaseFacts], Panel | None]
LeadPanelSource = Callable[[Actor, LeadFacts], Panel | None]


@dataclass(frozen=True, slots=True)
class ShownPanel:
    """A template of an upper room, included with `panel.context` as `panel`."""

    template: str
    context: Mapping[str, Any]


_sources: list[PanelSource] = []
_lead_sources: list[LeadPanelSource] = []


def register(source: PanelSource) -> None:
    """`source` answers with a template and its context, or None where it has nothing to show."""
    if source not in _sources:
        _sources.append(source)


def register_for_leads(source: LeadPanelSource) -> None:
    """The same on the page of a lead."""
    if source not in _lead_sources:
        _lead_sources.append(source)


def panels_of(actor: Actor, case: CaseFacts) -> list[ShownPanel]:
    """In the order of registration; each costs what its room says."""
    found = (source(actor, case) for source in _sources)
    return [ShownPanel(*panel) for panel in found if panel is not None]


def panels_of_lead(actor: Actor, lead: LeadFacts) -> list[ShownPanel]:
    """In the order of registration; each costs what its room says."""
    found = (source(actor, lead) for source in _lead_sources)
    return [ShownPanel(*panel) for panel in found if panel is not None]
