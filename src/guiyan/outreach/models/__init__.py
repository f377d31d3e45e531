"""The tables of outreach: the register of premises, what a census keeps of it, lists of branches."""

from guiyan.outreach.models.census import (
    Area,
    HandOver,
    Round,
    RoundOpening,
    Standing,
    StandingCount,
    StandingDelta,
    Team,
    TeamPerson,
    Visit,
)
from guiyan.outreach.models.hotline import (
    Call,
    DutyException,
    DutyHandOver,
    DutyShift,
    NumberOpening,
    OperatorStop,
    PackAnswer,
)
from guiyan.outreach.models.premises import Premises
from guiyan.outreach.models.screening import BackCheck, Draw, Screened

__all__ = [
    "Area",
    "BackCheck",
    "Call",
    "Draw",
    "DutyException",
    "DutyHandOver",
    "DutyShift",
    "HandOver",
    "NumberOpening",
    "OperatorStop",
    "PackAnswer",
    "Premises",
    "Round",
    "RoundOpening",
    "Screened",
    "Standing",
    "StandingCount",
    "StandingDelta",
    "Team",
    "TeamPerson",
    "Visit",
]
