"""Which acts a case's page offers to whom: exactly those that would not be refused."""

from dataclasses import dataclass

from django.utils.functional import Promise

from guiyan.flows import queries, rules, words
from guiyan.flows.rules import CASE_MACHINE, CaseAct, CaseState
from guiyan.flows.types import CaseFacts
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission

# Done with one tap; the others ask for a word or a place first.
AT_ONCE = frozenset({CaseAct.TAKE_IN, CaseAct.CONFIRM, CaseAct.CANCEL_TRANSFER})
_PAGES = {
    CaseAct.NOTIFY: "flows:notify",
    CaseAct.PLACE: "flows:place",
    CaseAct.BEGIN_TRANSFER: "flows:transfer",
    CaseAct.MOVE_ON: "flows:move_on",
}
_PERMISSIONS = {
    CaseAct.PLACE: frozenset({Permission.PLACE_MEMBERS}),
    CaseAct.BEGIN_TRANSFER: frozenset({Permission.ANSWER_CASES, Permission.ISSUE_DOCUMENTS}),
}
_ANSWERING = frozenset({Permission.ANSWER_CASES})
# What brings the matter forward stands first; what ends it, last.
_ORDER = (
    CaseAct.TAKE_IN, CaseAct.CONFIRM, CaseAct.NOTIFY, CaseAct.PLACE, CaseAct.COMPLETE_TRANSFER,
    CaseAct.SLIP_ACCEPTED, CaseAct.BEGIN_TRANSFER, CaseAct.CANCEL_TRANSFER, CaseAct.MOVE_ON,
    CaseAct.COME_HOME, CaseAct.NOT_HERE, CaseAct.DENY, CaseAct.WITHDRAW,
)  # fmt: skip
_OWED = {
    CaseState.DECLARED: (CaseAct.NOTIFY,),
    CaseState.NOTIFIED: (CaseAct.TAKE_IN,),
    CaseState.CLAIMED: (CaseAct.CONFIRM,),
    CaseState.VERIFIED: (CaseAct.PLACE,),
    CaseState.TRANSFERRING: (CaseAct.COMPLETE_TRANSFER,),
}
_ENDING = frozenset({CaseAct.NOT_HERE, CaseAct.DENY, CaseAct.WITHDRAW})


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: where it leads, and whether it writes at once."""

    act: str
    label: str | Promise
    page: str
    is_at_once: bool
    tone: str


def offers_for(actor: Actor, case: CaseFacts) -> list[Offer]:
    """Nothing is offered that the rules or the permissions would refuse. No query."""
    found = [act for act in _ORDER if _is_open_to(actor, case, act)]
    return [
        Offer(
            act=act,
            label=words.ACT[act],
            page=_PAGES.get(act, "flows:step"),
            is_at_once=act in AT_ONCE,
            tone=_tone(act, case),
        )
        for act in found
    ]


def _tone(act: CaseAct, case: CaseFacts) -> str:
    """What is owed now stands out; what may be done besides does not."""
    if act in _ENDING:
        return "danger"
    return "primary" if act in _OWED.get(CaseState(case.state), ()) else "plain"


def _is_open_to(actor: Actor, case: CaseFacts, act: CaseAct) -> bool:
    if not _PERMISSIONS.get(act, _ANSWERING) <= actor.permissions:
        return False
    if act not in CASE_MACHINE.allowed(case.state):
        return False
    refusal = rules.may_act(
        act,
        CaseState(case.state),
        queries.sides_of(actor, case),
        home_is_outside=case.home_path is None,
        host_is_outside=case.host_path is None,
    )
    return refusal is None
