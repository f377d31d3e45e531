"""Two files of one person become one, and come apart again: what moves, what is kept of before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from guiyan.members import vault
from guiyan.members.models import (
    Consent,
    Correction,
    Member,
    MemberInterval,
    Notice,
    VaultField,
)
from guiyan.platform.errors import Refusal

# Filled in the kept file where it says nothing, from the one that goes.
FILLED = (
    "sex", "born_on", "ethnicity", "joined_on", "joined_precision", "trade", "home_organisation_id",
    "home_path", "home_text", "host_organisation_id", "host_path",
)  # fmt: skip
_DATES = ("born_on", "joined_on")
_MOVED = {
    "intervals": MemberInterval,
    "notices": Notice,
    "corrections": Correction,  # a wish is sealed for its own row, so it moves as it is
}


@dataclass(frozen=True, slots=True)
class Follower:
    """How rows of an upper room go along with a merge. Registered in that room's `ready()`.

    `objection` says why the two may not become one yet (each has an open case); `move` answers
    with what `move_back` needs, as JSON: ids, never values.
    """

    name: str
    objection: Callable[[UUID, UUID], Refusal | None]
    move: Callable[[UUID, UUID], list[str]]
    move_back: Callable[[UUID, UUID, list[str]], None]


followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Have rows of another room go along with every merge; once for each name."""
    if all(known.name != follower.name for known in followers):
        followers.append(follower)


def objection(kept_id: UUID, gone_id: UUID) -> Refusal | None:
    """The first reason of another room against the merge."""
    reasons = (follower.objection(kept_id, gone_id) for follower in followers)
    return next((reason for reason in reasons if reason is not None), None)


def join(kept: Member, gone: Member, on: date) -> dict[str, Any]:
    """Move everything to the kept file; returns what `part` needs to undo it."""
    before: dict[str, Any] = {
        "filled": _fill(kept, gone),
        "vault": _move_vault(kept, gone, on),
        "moved": {},
        "followed": {},
        **_move_consents(kept, gone),
    }
    for name, model in _MOVED.items():
        rows = model._default_manager.filter(member_id=gone.id)
        before["moved"][name] = [str(pk) for pk in rows.values_list("pk", flat=True)]
        rows.update(member_id=kept.id)
    gone.merged_into = kept
    for member in (kept, gone):
        member.version += 1
        member.save()
    for follower in followers:  # they find the kept file where it is looked after from now on
        before["followed"][follower.name] = follower.move(kept.id, gone.id)
    return before


def part(kept: Member, gone: Member, before: dict[str, Any]) -> None:
    """Put every row back where it was, and the kept file's blanks as they were.

    A blank that was filled and has been changed by a person since stays as they left it.
    """
    for follower in followers:
        follower.move_back(kept.id, gone.id, before["followed"].get(follower.name, []))
    for name, model in _MOVED.items():
        model._default_manager.filter(pk__in=before["moved"][name]).update(member_id=gone.id)
    # A merge from before its rule for consents had all of them among the moved.
    moved, rested = before["moved"].get("consents", []), before.get("rested", [])
    Consent.objects.filter(pk__in=before.get("consents", moved)).update(member_id=gone.id)
    Consent.objects.filter(pk__in=rested).update(member_id=kept.id)
    for row in VaultField.objects.filter(pk__in=before["vault"]):
        row.sealed = vault.sealed_for(row, gone.id)
        row.member_id = gone.id
        if before["vault"][str(row.pk)] == "ended":
            row.valid_to = None
        row.save()
    for column, (blank, filled) in before["filled"].items():
        if _written(getattr(kept, column)) == filled:
            setattr(kept, column, _read(column, blank))
    gone.merged_into = None
    for member in (kept, gone):
        member.version += 1
        member.save()


def _fill(kept: Member, gone: Member) -> dict[str, list[Any]]:
    filled: dict[str, list[Any]] = {}
    has_home = kept.home_organisation_id is not None or bool(kept.home_text)
    for column in FILLED:
        if column.startswith("home_") and has_home:
            continue
        if column == "joined_precision" and "joined_on" not in filled:
            continue
        ours, theirs = getattr(kept, column), getattr(gone, column)
        is_precision = column == "joined_precision"
        if ours != theirs and (ours in (None, "") or is_precision) and theirs not in (None, ""):
            filled[column] = [_written(ours), _written(theirs)]
            setattr(kept, column, theirs)
    return filled


def _move_consents(kept: Member, gone: Member) -> dict[str, list[str]]:
    """A merge makes no consent wider (PIPL arts. 14, 15): of a yes and a no to one purpose the no
    holds, whichever file it stands in; a file that says nothing of it takes the other's word.

    The yes that does not hold, and a second one, rest with the file that goes.
    """
    ours, theirs = _said(kept), _said(gone)
    moved, rested = [], []
    for purpose, words in theirs.items():
        before = ours.get(purpose, [])
        moved += [one for one in words if one.withdrawn_on is not None or not before]
        if all(one.withdrawn_on is not None for one in words):
            rested += [one for one in before if one.withdrawn_on is None]
    ids = {"consents": [str(one.pk) for one in moved], "rested": [str(one.pk) for one in rested]}
    Consent.objects.filter(pk__in=ids["consents"]).update(member_id=kept.id)
    Consent.objects.filter(pk__in=ids["rested"]).update(member_id=gone.id)
    return ids


def _said(member: Member) -> dict[str, list[Consent]]:
    said: dict[str, list[Consent]] = {}
    for one in Consent.objects.filter(member=member):
        said.setdefault(one.purpose, []).append(one)
    return said


def _move_vault(kept: Member, gone: Member, on: date) -> dict[str, str]:
    """Each row by its id: "moved", or "ended" when the kept file has another one in force.

    What both files hold stays with the one that goes.
    """
    present = list(VaultField.objects.filter(member=kept, valid_to__isnull=True))
    known = {(row.kind, vault.number_of(row)) for row in present if row.blind is not None}
    in_force = {(row.kind, row.whose) for row in present}
    moved: dict[str, str] = {}
    for row in VaultField.objects.filter(member=gone):
        if row.blind is not None and (row.kind, vault.number_of(row)) in known:
            continue
        row.sealed = vault.sealed_for(row, kept.id)
        row.member_id = kept.id
        moved[str(row.pk)] = "moved"
        if row.valid_to is None and (row.kind, row.whose) in in_force:
            row.valid_to = on
            moved[str(row.pk)] = "ended"
        row.save()
    return moved


def _written(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else str(value)


def _read(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column in _DATES:
        return date.fromisoformat(value)
    return UUID(value) if column.endswith("_id") else value
