"""What sending messages needs of many files: whether they agree, whose number, and the number itself.

Sources: design §7.6 (a relative's or shared number), PIPL art. 13 (consent to messages).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import (
    CharField,
    Exists,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Length, StrIndex

from guiyan.members import vault
from guiyan.members.models import Consent, Member, VaultField
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission

CONSENT = "contact_by_message"
AT_ONCE = 5_000
_WHOSE_FIRST = {"own": 0, "shared": 1, "relative": 2}
_MOBILE, _MOBILE_SIGNS = "+861", 14
_SHORTEST_NAME = 2
NUMBER = "phone"  # what the keyed hash of a number is made for
_COLUMNS = (
    "id", "home_path", "host_path", "agrees",
    "phone__whose", "phone__valid_from", "phone__mask", "phone__relation", "phone__blind",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sendable:
    """What decides how a member may be written to. No number: whose it is, its mask and its hash."""

    member_id: UUID
    path: str
    agrees: bool
    whose: str = "own"
    mask: str = ""
    relation: str = ""
    blind: bytes = field(default=b"", repr=False)

    @property
    def is_mobile(self) -> bool:
        """A landline is called, never written to."""
        return self.mask.startswith("1") and "-" not in self.mask


def sendable(actor: Actor, member_ids: Iterable[UUID]) -> dict[UUID, Sendable]:
    """Those of the members who lie in scope. One query for every 5,000."""
    ids, found = list(member_ids), {}
    agreed = Consent.objects.filter(
        member_id=OuterRef("pk"), purpose=CONSENT, withdrawn_on__isnull=True
    )
    phones = FilteredRelation(
        "vault", condition=Q(vault__kind=NUMBER, vault__valid_to__isnull=True)
    )
    known = Member.objects.filter(merged_into__isnull=True).annotate(
        agrees=Exists(agreed), phone=phones
    )
    for start in range(0, len(ids), AT_ONCE):
        rows = list(known.filter(id__any=ids[start : start + AT_ONCE]).values_list(*_COLUMNS))
        # Of several numbers the one that is chosen comes last.
        for member_id, home, host, agrees, whose, _since, mask, relation, blind in sorted(
            rows, key=lambda row: _order(row[4], row[5])
        ):
            found[member_id] = Sendable(
                member_id,
                _side(actor, home, host),
                agrees,
                whose or "own",
                mask or "",
                relation or "",
                bytes(blind or b""),
            )
    return found


def members_under(actor: Actor, path: str, *, limit: int) -> list[tuple[UUID, str]]:
    """Id and name of the members whose stay an organisation, or one below it, looks after."""
    rows = Member.objects.filter(
        host_path__gte=path, host_path__lt=path + "~", merged_into__isnull=True
    )
    return list(rows.order_by("pinyin", "id").values_list("id", "name")[:limit])


def names_in(text: str, *, limit: int = 5) -> list[str]:
    """Names of members in scope that stand in a text, however they are spaced. One query."""
    names = Member.objects.annotate(plain=_without(F("name"))).annotate(
        signs=Length("plain"), place=StrIndex(_without(Value(text)), F("plain"))
    )
    found = names.filter(signs__gte=_SHORTEST_NAME, place__gt=0, merged_into__isnull=True)
    return list(found.order_by("name").values_list("name", flat=True).distinct()[:limit])


def _without(text: F | Value) -> Func:
    """A name is the same with and without the dots and spaces in it."""
    return Func(text, Value(r"[\s·•・‧.]"), Value(""), Value("g"), function="regexp_replace",
                output_field=CharField())  # fmt: skip


def present_file(member_id: UUID) -> UUID:
    """The file that speaks for this one: itself, or the one that it went into. One query."""
    found = Member.objects.filter(pk=member_id).values_list("merged_into_id", flat=True).first()
    return found or member_id


def hashes_of(number: str) -> tuple[bytes, ...]:
    """The keyed hashes, the newest key's first, under which files have this number (E.164)."""
    return key_ring().blind_indexes(number, purpose=NUMBER)


def holders_of(blinds: Sequence[bytes]) -> list[tuple[UUID, str]]:
    """Everybody whose number it is today, and whose they say it is. One query."""
    rows = VaultField.objects.filter(kind=NUMBER, blind__in=list(blinds), valid_to__isnull=True)
    return list(rows.order_by("member_id").values_list("member_id", "whose"))


def own_hashes(member_id: UUID, *, whose: Sequence[str] = ("own",)) -> list[bytes]:
    """The hashes of the numbers that a member has today and that are theirs in this way. One query."""
    rows = VaultField.objects.filter(
        member_id=member_id, kind=NUMBER, whose__in=whose, valid_to__isnull=True
    )
    return [bytes(blind) for blind in rows.values_list("blind", flat=True) if blind]


def numbers_of_these_alone(member_ids: Sequence[UUID]) -> list[bytes]:
    """Hashes of the numbers, of today or before, that stand in no file but these. Two queries."""
    rows = VaultField.objects.filter(kind=NUMBER, blind__isnull=False)
    theirs = {
        bytes(blind or b"")
        for blind in rows.filter(member_id__in=member_ids).values_list("blind", flat=True)
    }
    others = rows.filter(blind__in=list(theirs)).exclude(member_id__in=member_ids)
    return sorted(
        theirs - {bytes(blind or b"") for blind in others.values_list("blind", flat=True)}
    )


@command(Permission.SEND_MESSAGES)
def open_numbers_for_sending(
    *, by: Actor, member_ids: Sequence[UUID], purpose: str
) -> dict[UUID, str]:
    """The mobile number, in E.164, to which a message of this purpose goes; one audit row a batch.

    For the outbox, which seals it at once: nobody reads it. A landline gets no message.
    """
    found: dict[UUID, str] = {}
    for start in range(0, len(member_ids), AT_ONCE):
        for member_id, row in _phones(member_ids[start : start + AT_ONCE]).items():
            number = vault.number_of(row)
            if number.startswith(_MOBILE) and len(number) == _MOBILE_SIGNS:
                found[member_id] = number
    audit.note(subject_kind="messages", purpose=purpose, opened=len(found))
    return found


def _phones(member_ids: Sequence[UUID]) -> Mapping[UUID, VaultField]:
    """Of several numbers the member's own, then a shared one, then a relative's."""
    rows = VaultField.objects.filter(
        member_id__any=list(member_ids), kind="phone", valid_to__isnull=True
    ).only("member_id", "kind", "sealed", "whose", "valid_from")
    chosen: dict[UUID, VaultField] = {}
    for row in sorted(rows, key=lambda row: _order(row.whose, row.valid_from)):
        chosen[row.member_id] = row
    return chosen


def _order(whose: str | None, since: date | None) -> tuple[int, date]:
    """The member's own number, the newest, comes last; a file without one has a line without."""
    return -_WHOSE_FIRST[whose or "own"], since or date.min


def _side(actor: Actor, home: str | None, host: str | None) -> str:
    """Where the member is looked after, on the side that the actor sees."""
    return next((path for path in (host, home) if path and actor.scope.covers(path)), "")
