"""When a whole file's time is over, and what goes with it.

A file is kept for a purpose: to look after a mobile member. Its time is over when
  1. it went into another file and that merge can no longer be undone (`fields.RETENTION`), or
  2. every stay of the person has ended (come home, transferred, moved on, withdrawn), the last one
     longer ago than the parameter `member_file_keep_months` of the organisation that the file
     belongs to; nothing was changed in it since, and no request of the member waits.
A file without any stay belongs to the home branch's roster and is not judged here.
Sources: PIPL arts. 19 and 47(1); design §7.7. The audit keeps that there was a file, by its id.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from guiyan.access import commands as access_commands
from guiyan.channels import commands as channel_commands
from guiyan.kernel.calendar import add_months, day_of
from guiyan.members import registering
from guiyan.members.models import Correction, Member, Merge
from guiyan.orgs import queries as orgs
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, NotFound

__all__ = ["Keeper", "erase_files", "files_over", "keep"]

AT_ONCE = 500
_KEEP = "member_file_keep_months"
_SHORTEST_MONTHS = 1


@dataclass(frozen=True, slots=True)
class Keeper:
    """What an upper room keeps of members. Registered in that room's `ready()`.

    `ended` answers, before a day, on which day each person's last stay ended (nobody with an open
    one); rooms without stays leave it out. `erase` removes what the room keeps of these members.
    """

    name: str
    erase: Callable[[Sequence[UUID]], None]
    ended: Callable[[date], Iterable[tuple[UUID, date]]] | None = None


_keepers: dict[str, Keeper] = {}


def keep(keeper: Keeper) -> None:
    """Have a room's rows go with the file; once for each name."""
    _keepers[keeper.name] = keeper


def files_over(on: date) -> list[UUID]:
    """The files whose time was over on that day; those that went into others come first."""
    can_be_undone = Merge.objects.filter(gone_id=OuterRef("pk"))
    merged = Member.objects.filter(~Exists(can_be_undone), merged_into__isnull=False)
    ended = dict(
        pair
        for keeper in _keepers.values()
        if keeper.ended is not None
        for pair in keeper.ended(add_months(on, -_SHORTEST_MONTHS))
    )
    over = [*merged.values_list("pk", flat=True)]
    kept_for: dict[str, int] = {}
    ids = list(ended)
    for start in range(0, len(ids), AT_ONCE):
        for row in _untouched(ids[start : start + AT_ONCE]):
            path = row.home_path or row.host_path or ""
            if path not in kept_for:
                kept_for[path] = int(orgs.parameter(_KEEP, path=path, on=on).value)
            if max(ended[row.id], day_of(row.changed_at)) < add_months(on, -kept_for[path]):
                over.append(row.id)
    return over


@command(None)
def erase_files(*, by: Actor, member_ids: Sequence[UUID]) -> None:
    """The night's job removes files whose time is over, with all that any room keeps of them."""
    if by.kind != "system":
        raise Forbidden("members.erase_files")
    ids = list(member_ids)
    ids += Member.objects.filter(merged_into__in=ids).values_list("pk", flat=True)
    ids = list(dict.fromkeys(ids))
    for keeper in _keepers.values():
        keeper.erase(ids)
    registering.forget_reviews(ids)
    for member_id in ids:
        access_commands.end_member_devices(by=by, member_id=member_id)
        with suppress(NotFound):
            channel_commands.end_binding(by=Actor.member(member_id, ""))
        audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)
    # Files that went into others first: they point at those that stay behind.
    Member.objects.filter(pk__in=ids, merged_into__isnull=False).delete()
    Member.objects.filter(pk__in=ids).delete()


def _untouched(member_ids: Sequence[UUID]) -> Iterable[Member]:
    asks = Correction.objects.filter(member=OuterRef("pk"), answered_at__isnull=True)
    return Member.objects.filter(
        ~Exists(asks), Q(merged_into__isnull=True), pk__in=list(member_ids)
    ).only("id", "home_path", "host_path", "changed_at")
