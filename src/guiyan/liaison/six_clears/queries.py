"""The six clears of a member: what stands now, what was before, who asked for help."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from guiyan.kernel.keyset import decode_cursor, encode_cursor
from guiyan.liaison.models import SixClear
from guiyan.liaison.six_clears import rules
from guiyan.liaison.six_clears.commands import seal_context
from guiyan.members import queries as member_queries
from guiyan.members.types import MemberFacts
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.keys import key_ring

STALE_AFTER = "clear_stale_months"
ON_A_PAGE = 50
_HELP = "liaison.help"


@dataclass(frozen=True, slots=True)
class ClearFacts:
    """One of the six as it stands: never known, known as of a day, or old."""

    code: str
    name: str
    asks: str
    text: str = field(default="", repr=False)
    as_of: date | None = None
    said_by: str = ""
    by_name: str = ""
    is_stale: bool = False
    asks_help: bool = False
    help_answer: str = ""
    helped_on: date | None = None
    id: UUID | None = None

    @property
    def said_by_label(self) -> str:
        return _(rules.SAYERS[self.said_by]) if self.said_by else ""

    @property
    def label(self) -> str:
        return _(self.name)

    @property
    def question(self) -> str:
        return _(self.asks)


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """A difficulty for which the member wants help; the words stand on the file, not in lists."""

    id: UUID
    member_id: UUID
    member_name: str
    case_id: UUID | None
    asked_on: date
    by_name: str


def clears_of(actor: Actor, member_id: UUID) -> list[ClearFacts]:
    """All six in their order, each as it stands now. Three queries; two where nothing is known."""
    member = member_queries.get_member_for(actor, member_id)
    rows = SixClear.objects.filter(member_id=member_id).order_by("code", "-as_of", "-at")
    newest = {row.code: row for row in rows.distinct("code")}
    months = _stale_after(actor, member) if newest else 0
    return [
        _facts(newest[code], actor.today, months)
        if code in newest
        else ClearFacts(code, clear.name, clear.asks)
        for code, clear in rules.CLEARS.items()
    ]


def history_of(actor: Actor, member_id: UUID, *, limit: int = 60) -> list[ClearFacts]:
    """Everything that was said and is kept, the newest first. Three queries."""
    months = _stale_after(actor, member_queries.get_member_for(actor, member_id))
    rows = SixClear.objects.filter(member_id=member_id).order_by("-as_of", "-at")
    return [_facts(row, actor.today, months) for row in rows[:limit]]


def said_in(actor: Actor, member_id: UUID, contact_id: UUID) -> list[ClearFacts]:
    """What was learnt in one contact, in the order of the six. Three queries."""
    months = _stale_after(actor, member_queries.get_member_for(actor, member_id))
    rows = {row.code: row for row in SixClear.objects.filter(contact_id=contact_id)}
    return [_facts(rows[code], actor.today, months) for code in rules.CLEARS if code in rows]


def help_asked(actor: Actor, *, limit: int = ON_A_PAGE) -> list[HelpAsked]:
    """The first page of requests for help that nobody has answered."""
    return help_page(actor, limit=limit)[0]


def help_page(
    actor: Actor, cursor: str = "", *, limit: int = ON_A_PAGE
) -> tuple[list[HelpAsked], str]:
    """Requests for help that nobody has answered, the oldest first, and where the next page begins.
    One query. Raises CursorBroken."""
    rows = unanswered_wishes(actor)
    if cursor:
        at, clear_id = decode_cursor(cursor, of=_HELP, shape=(datetime, UUID))
        rows = rows.filter(Q(at__gt=at) | Q(at=at, id__gt=clear_id))
    columns = ("at", "id", "member_id", "member__name", "case_id", "as_of", "by_name")
    found = list(rows.order_by("at", "id").values_list(*columns)[: limit + 1])
    place = encode_cursor(found[limit - 1][:2], of=_HELP) if len(found) > limit else ""
    return [HelpAsked(*row[1:]) for row in found[:limit]], place


def unanswered_wishes(actor: Actor) -> QuerySet[SixClear]:
    """Their rows, to be asked whether there are any."""
    return SixClear.objects.filter(asks_help=True, helped_on__isnull=True)


def help_request(actor: Actor, clear_id: UUID) -> tuple[HelpAsked, ClearFacts]:
    """One request with what was said. Out of scope is NotFound. Four queries."""
    row = SixClear.objects.filter(id=clear_id, asks_help=True).first()
    if row is None:
        raise NotFound("request for help")
    member = member_queries.get_member_for(actor, row.member_id)
    asked = HelpAsked(row.id, member.id, member.name, row.case_id, row.as_of, row.by_name)
    return asked, _facts(row, actor.today, _stale_after(actor, member))


def _stale_after(actor: Actor, member: MemberFacts) -> int:
    """After how many months a clear is old, where the member belongs. One query."""
    return org_queries.parameter(STALE_AFTER, path=member.path, on=actor.today).value


def _facts(row: SixClear, today: date, months: int) -> ClearFacts:
    clear = rules.CLEARS[row.code]
    text = key_ring().open_sealed(bytes(row.sealed), context=seal_context(row.id)).decode()
    return ClearFacts(
        code=row.code,
        name=clear.name,
        asks=clear.asks,
        text=text,
        as_of=row.as_of,
        said_by=row.said_by,
        by_name=row.by_name,
        is_stale=rules.is_stale(row.as_of, on=today, months=months),
        asks_help=row.asks_help,
        help_answer=row.help_answer,
        helped_on=row.helped_on,
        id=row.id,
    )
