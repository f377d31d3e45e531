"""A call that was passed on goes where the member goes: to the next host, into the file that is kept,
and away with the file.

A call waits with one side of a stay. While that side is one of the stay's, it stays there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from guiyan.field import commands as field
from guiyan.flows import queries as flows
from guiyan.flows.types import CaseFacts
from guiyan.members.ending import Keeper
from guiyan.members.merging import Follower
from guiyan.outreach.hotline.queries import KIND
from guiyan.outreach.models import Call
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.scope import beyond_scope

_ALL_SIDES = "a call goes along whoever moves the member"


@dataclass(frozen=True, slots=True)
class Side:
    """Who calls back: one side of a stay. `subject_kind` says whose the due is ("call": the
    contact person's)."""

    organisation_id: UUID
    path: str
    subject_kind: str


def sides_of(case: CaseFacts) -> list[Side]:
    """The host first, since its contact person knows the member; of a stay that is over, the home."""
    host = (case.host_organisation_id, case.host_path, "call")
    home = (case.home_organisation_id, case.home_path, "home")
    wanted = (host, home) if case.is_open else (home, host)
    return [Side(*one) for one in wanted if one[0] and one[1]]  # type: ignore[arg-type]


def is_called_about(case_id: UUID) -> bool:
    """Whether a call about this stay still waits. One query along its own index."""
    with beyond_scope(_ALL_SIDES):
        return Call.objects.filter(state="passed", case_id=case_id).exists()


def follow(by: Actor, case_id: UUID) -> None:
    """After a step of a stay: what waits about it goes along. A second run changes nothing."""
    for call in Call.objects.select_for_update().filter(state="passed", case_id=case_id):
        case = _present_case(by, call)
        if case is None:
            continue
        sides = sides_of(case)
        same = [side for side in sides if case.is_open and side.path == call.path]
        if sides:
            _readdress(by, call, case, (same or sides)[0])


def _present_case(by: Actor, call: Call) -> CaseFacts | None:
    """The stay that runs now, otherwise the one that the call was about."""
    if call.case_id is None or call.member_id is None:
        return None
    case = flows.cases_by_id(by, [call.case_id]).get(call.case_id)
    if case is None or case.is_open:
        return case
    return flows.open_case_of_member(by, call.member_id) or case


def _readdress(by: Actor, call: Call, case: CaseFacts, side: Side) -> None:
    if (call.case_id, call.path) == (case.id, side.path):
        return
    call.case_id, call.organisation_id, call.path = case.id, side.organisation_id, side.path
    call.save(update_fields=["case_id", "organisation_id", "path"])
    field.readdress_dues(
        by=by,
        subject_id=call.id,
        kinds=[KIND],
        case_id=case.id,
        subject_kind=side.subject_kind,
        organisation_id=side.organisation_id,
        path=side.path,
    )


def forget_stays(by: Actor, case_ids: Iterable[UUID]) -> None:
    """Stays are gone: nobody is asked to call back about them."""
    calls = Call.objects.filter(case_id__in=list(case_ids))
    _forget(by, calls.values_list("id", flat=True))


def forget_members(member_ids: Sequence[UUID]) -> None:
    """With the file goes what was said on the telephone; that there was a call is kept its year."""
    calls = Call.objects.filter(member_id__in=list(member_ids)).values_list("id", flat=True)
    _forget(Actor.system("outreach.forget_members"), calls)


def _forget(by: Actor, call_ids: Iterable[UUID]) -> None:
    ids = list(call_ids)
    if not ids:
        return
    field.cancel_dues(by=by, subject_ids=ids, kinds=[KIND])
    rows = Call.objects.filter(id__in=ids)
    rows.filter(closed_at__isnull=True).update(state="done", closed_at=now())
    rows.update(
        number_sealed=None, number_blind=None, number_mask="", said_sealed=None,
        case_id=None, member_id=None, erased_at=now(),
    )  # fmt: skip


def _move(kept_id: UUID, gone_id: UUID) -> list[str]:
    """Calls of a person stay with the person."""
    with beyond_scope(_ALL_SIDES):
        rows = Call.objects.filter(member_id=gone_id)
        moved = [str(call_id) for call_id in rows.values_list("id", flat=True)]
        rows.update(member_id=kept_id)
    return moved


def _move_back(kept_id: UUID, gone_id: UUID, moved: list[str]) -> None:
    """Exactly those that went along go back."""
    with beyond_scope(_ALL_SIDES):
        Call.objects.filter(id__in=moved, member_id=kept_id).update(member_id=gone_id)


KEEPER = Keeper("hotline", forget_members)
FOLLOWER = Follower("hotline", lambda _kept, _gone: None, _move, _move_back)
