"""What was said to two files is said to one person, and is theirs alone again after an undo.

Of one thing that was said to both, the one that got further stays with the person; the other rests
with the file that goes and goes no further. Of two choices the one that lets less through holds.
"""

from collections.abc import Iterable
from uuid import UUID

from guiyan.channels import commands as channel_commands
from guiyan.members import sending
from guiyan.members.merging import Follower
from guiyan.messaging import counting, rules
from guiyan.messaging.models import LadderChoice, Reply, SayingTo, Stop
from guiyan.platform.actor import Actor
from guiyan.platform.scope import beyond_scope

_WHY = "what was said to a person stays together"
_MODELS = {
    "to": SayingTo,
    "reply": Reply,
    "stop": Stop,
    "choice": LadderChoice,
    "rest": SayingTo,  # of the kept file, where the other's got further
}
# How far a saying got: what may have reached the person comes first, then what can still go.
_FURTHEST = ("reached", "unknown", "calling", "sent")


def _move(kept_id: UUID, gone_id: UUID) -> list[str]:
    """Ids by what they are. A stop of either file holds for the one that is kept."""
    by = Actor.system("messaging.merge")
    with beyond_scope(_WHY):
        waiting = channel_commands.hold_waiting(
            by=by, recipient_kind="member", recipient_ids=[kept_id, gone_id]
        )
        resting = _resting(kept_id, gone_id, waiting)
        swapped = [row.id for row in resting if row.member_id == kept_id]
        staying = [row.id for row in resting if row.member_id == gone_id]
        rows = SayingTo.objects.filter(member_id=gone_id).exclude(id__in=staying)
        moved = _renamed("to", rows.values_list("id", flat=True), gone_id, kept_id)
        moved += _renamed("rest", swapped, kept_id, gone_id)
        moved += _calls_ended(resting)
        replies = Reply.objects.filter(member_id=gone_id)
        moved += _renamed("reply", replies.values_list("id", flat=True), gone_id, kept_id)
        for month, many in counting.merge(kept_id, gone_id).items():
            moved.append(f"count:{month}={many}")
        if not Stop.objects.filter(member_id=kept_id, ended_at__isnull=True).exists():
            stops = Stop.objects.filter(member_id=gone_id, ended_at__isnull=True)
            moved += _renamed("stop", stops.values_list("id", flat=True), gone_id, kept_id)
        moved += _choices(kept_id, gone_id)
        followed = channel_commands.follow_recipient(
            by=by,
            recipient_kind="member",
            kept_id=kept_id,
            gone_id=gone_id,
            path=_path_of(by, kept_id),
            resting=[row.outbox_key for row in resting if row.outbox_key],
        )
    return moved + [f"out:{one}" for one in followed]


def _move_back(kept_id: UUID, gone_id: UUID, moved: list[str]) -> None:
    """Exactly those that went along go back."""
    with beyond_scope(_WHY):
        for name in ("to", "reply", "stop", "choice"):
            _renamed(name, _said(moved, name), kept_id, gone_id)
        _renamed("rest", _said(moved, "rest"), gone_id, kept_id)
        _choices_back(kept_id, gone_id, moved)
        SayingTo.objects.filter(id__in=_said(moved, "call"), state="cancelled").update(
            state="calling"
        )
        for one in _said(moved, "count"):
            month, _equals, many = one.partition("=")
            counting.add([kept_id], month, -int(many))
        channel_commands.follow_back(
            by=Actor.system("messaging.merge"),
            recipient_kind="member",
            kept_id=kept_id,
            gone_id=gone_id,
            moved=_said(moved, "out"),
        )


def _resting(kept_id: UUID, gone_id: UUID, waiting: set[str]) -> list[SayingTo]:
    """Of each purpose and slot that both were told, the row that got less far."""
    rows = list(SayingTo.objects.filter(member_id__in=[kept_id, gone_id]).select_for_update())
    ours = {_slot(row): row for row in rows if row.member_id == kept_id}
    pairs = [(ours[_slot(row)], row) for row in rows if row.member_id == gone_id
             and _slot(row) in ours]  # fmt: skip
    return [max(pair, key=lambda row: _how_far(row, waiting, kept_id)) for pair in pairs]


def _slot(row: SayingTo) -> str:
    """A key is "member:purpose:slot"."""
    return row.key.partition(":")[2]


def _how_far(row: SayingTo, waiting: set[str], kept_id: UUID) -> tuple[int, bool, bool]:
    place = _FURTHEST.index(row.state) if row.state in _FURTHEST else len(_FURTHEST)
    return place, row.outbox_key in waiting, row.member_id != kept_id


def _calls_ended(resting: Iterable[SayingTo]) -> list[str]:
    """Nobody is asked to call twice about one thing."""
    ids = [row.id for row in resting if row.state == "calling"]
    SayingTo.objects.filter(id__in=ids).update(state="cancelled")
    return [f"call:{one}" for one in ids]


def _choices(kept_id: UUID, gone_id: UUID) -> list[str]:
    """For a purpose that both chose for, "only on my page" or "please call" holds over a message."""
    ours = {row.purpose: row for row in LadderChoice.objects.filter(member_id=kept_id)}
    moved = []
    for row in LadderChoice.objects.filter(member_id=gone_id):
        mine = ours.get(row.purpose)
        if mine is None:
            moved += _renamed("choice", [row.id], gone_id, kept_id)
        elif _is_quiet(row) and not _is_quiet(mine):
            _exchange(row, mine)
            moved.append(f"swap:{row.id}={mine.id}")
    return moved


def _exchange(one: LadderChoice, other: LadderChoice) -> None:
    """Nobody has two choices for a purpose in between: the index allows one."""
    LadderChoice.objects.filter(pk=one.pk).update(purpose="", member_id=other.member_id)
    LadderChoice.objects.filter(pk=other.pk).update(member_id=one.member_id)
    LadderChoice.objects.filter(pk=one.pk).update(purpose=one.purpose)


def _choices_back(kept_id: UUID, gone_id: UUID, moved: list[str]) -> None:
    for one in _said(moved, "swap"):
        there, _equals, here = one.partition("=")
        row = LadderChoice.objects.filter(pk=there, member_id=kept_id).first()
        mine = LadderChoice.objects.filter(pk=here, member_id=gone_id).first()
        if row is not None and mine is not None:
            _exchange(row, mine)


def _is_quiet(choice: LadderChoice) -> bool:
    return choice.choice in rules.OWN_PAGE | rules.BY_A_PERSON


def _renamed(name: str, ids: Iterable[object], old: UUID, new: UUID) -> list[str]:
    model = _MODELS[name]
    found = [str(one) for one in ids]
    model._default_manager.filter(id__in=found, member_id=old).update(member_id=new)
    return [f"{name}:{one}" for one in found]


def _said(moved: list[str], name: str) -> list[str]:
    return [one.partition(":")[2] for one in moved if one.startswith(f"{name}:")]


def _path_of(by: Actor, member_id: UUID) -> str:
    person = sending.sendable(by, [member_id]).get(member_id)
    return person.path if person else ""


FOLLOWER = Follower("messaging", lambda _kept, _gone: None, _move, _move_back)
