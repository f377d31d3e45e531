"""The tables of outreach: the register of premises, and what a census keeps of it."""

from guiyan.outreach.models.census import (
    Area,
    HandOver,
    Round,
    Standing,
    StandingCount,
    StandingDelta,
    Team,
    TeamPerson,
    Visit,
)
from guiyan.outreach.models.premises import Premises

__all__ = [
    "Area",
    "HandOver",
    "Premises",
    "Round",
    "Standing",
    "StandingCount",
    "StandingDelta",
    "Team",
    "TeamPerson",
    "Visit",
]
