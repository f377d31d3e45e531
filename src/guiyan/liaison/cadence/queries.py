"""Who is due for whom today, who has not been reached and why, and what is declared where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from guiyan.access import queries as access_queries
from guiyan.field import queries as field_queries
from guiyan.field.queries import DueFacts
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseFacts
from guiyan.liaison.cadence import rules
from guiyan.liaison.cadence.kinds import KINDS, NAMES
from guiyan.liaison.cadence.materialising import declared
from guiyan.liaison.keeping import OWN_LIST, is_in_scope, own_cases
from guiyan.liaison.models import (
    Availability,
    CadencePolicy,
    Contact,
    ContactPerson,
    HelpNote,
    Relief,
)
from guiyan.liaison.queries import reaching
from guiyan.members import queries as member_queries
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor
from guiyan.platform.scope import beyond_scope

ON_A_PAGE = 50
# So long the secretary is told that nobody reached a member in time.
TOLD_FOR = timedelta(days=90)
_UNREACHED = "liaison.unreached"
# For which of them somebody asks why the member was not reached.
ASKED_FOR = ("contact", "visit", "abroad", "first_week")
ASKED_NAMES = {kind: NAMES[kind] for kind in ASKED_FOR}


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that is due, in words: what, by when, and whether that day is over."""

    kind: str
    name: str
    due_on: date
    is_overdue: bool

    @property
    def label(self) -> str:
        return _(self.name)


@dataclass(frozen=True, slots=True)
class TodayRow:
    """A member who is due, with what is due and when somebody last reached them."""

    case: CaseFacts
    owed: tuple[Owed, ...]
    has_phone: bool
    last_reached: datetime | None
    is_in_scope: bool = True  # False: of another branch, whose file is not the actor's to read

    @property
    def is_overdue(self) -> bool:
        return any(one.is_overdue for one in self.owed)


@dataclass(frozen=True, slots=True)
class TodayPage:
    rows: list[TodayRow]
    next_cursor: str = ""


@dataclass(frozen=True, slots=True)
class Unreached:
    """A member who was to be reached and has not been, why that may be, and who keeps in touch."""

    case: CaseFacts
    owed: tuple[Owed, ...]
    reasons: tuple[str, ...]
    contact_person: str
    tried: int
    last_note: str


@dataclass(frozen=True, slots=True)
class UnreachedPage:
    rows: list[Unreached]
    next_cursor: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """A member whom nobody reached in the time in which it was asked for, and what that was."""

    case: CaseFacts
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class ReliefFacts:
    is_exempt: bool
    reason: str
    starts_on: date
    ends_on: date | None
    by_name: str


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """What holds of one kind at an organisation today, and what is to follow."""

    kind: str
    name: str
    policy: rules.Policy
    set_by: str
    next: rules.Policy | None

    @property
    def source(self) -> str:
        """The country's own are translated; what an organisation typed stands as it is."""
        return _(self.policy.source)

    @property
    def label(self) -> str:
        return _(self.name)


def today_list(actor: Actor, cursor: str = "", *, limit: int = ON_A_PAGE) -> TodayPage:
    """Whom the actor is to contact today: each once, what is longest due first. Five queries,
    however many members there are."""
    if actor.account_id is None:
        return TodayPage([])
    with beyond_scope(OWN_LIST):
        page = field_queries.dues_for(actor, actor.account_id, actor.today, cursor, limit=limit)
        rows = _rows(actor, page.dues, own_cases, owner=actor.account_id)
    return TodayPage(rows, page.next_cursor)


def branch_list(actor: Actor, *, limit: int = ON_A_PAGE) -> list[TodayRow]:
    """Whom the actor's own organisation is to contact of its members who are away: those abroad
    (R-07), those who come home for the Spring Festival (R-04). The branch owes it, and it stands
    in the list of each who records contacts there. At most one page; six queries."""
    if actor.organisation_id is None:
        return []
    dues = field_queries.dues_of_the_home_side(
        actor, actor.organisation_id, actor.path, actor.today, limit=limit
    )
    return _rows(actor, dues, flow_queries.cases_by_id, owner=None)


def _rows(
    actor: Actor,
    dues: Sequence[DueFacts],
    cases_of: Callable[[Actor, Sequence[UUID]], dict[UUID, CaseFacts]],
    *,
    owner: UUID | None,
) -> list[TodayRow]:
    """The lines of a list of dues, with what else the same person or branch owes each of them."""
    case_ids = [due.case_id for due in dues if due.case_id]
    owed = field_queries.dues_of_subjects(actor, case_ids, actor.today)
    cases = {one.id: one for one in cases_of(actor, case_ids).values() if one.ended_on is None}
    reached = _last_reached(list(cases))
    masks = member_queries.phone_masks(actor, [case.member_id for case in cases.values()])
    return [
        TodayRow(
            cases[case_id],
            _owed([due for due in owed.get(case_id, []) if due.owner_account_id == owner], actor),
            bool(masks.get(cases[case_id].member_id)),
            reached.get(case_id),
            is_in_scope(actor, cases[case_id]),
        )
        for case_id in case_ids
        if case_id in cases
    ]


def due_count(actor: Actor, *, limit: int = ON_A_PAGE) -> list[TodayRow]:
    """The first page of today's list, for the start page."""
    return today_list(actor, limit=limit).rows


def owed_of(actor: Actor, case_id: UUID) -> tuple[Owed, ...]:
    """What is due of one member today. One query."""
    return _owed(field_queries.open_kinds_of(actor, case_id, actor.today), actor)


def notes_of(actor: Actor, case_id: UUID, *, limit: int = 3) -> list[tuple[str, str, datetime]]:
    """The last words of help for the contact person: text, by whom, when. Two queries."""
    flow_queries.get_case_for(actor, case_id)
    rows = HelpNote.objects.filter(case_id=case_id).exclude(note="").order_by("-at")[:limit]
    return list(rows.values_list("note", "by_name", "at"))


def relief_of(actor: Actor, member_id: UUID) -> ReliefFacts | None:
    """Why nothing is demanded of this member today, if so. Two queries."""
    member_queries.get_member_for(actor, member_id)
    rows = Relief.objects.filter(member_id=member_id, starts_on__lte=actor.today)
    row = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=actor.today)).first()
    if row is None:
        return None
    reason = _(rules.RELIEF_REASONS[row.reason]) if row.is_exempt else row.reason
    return ReliefFacts(row.is_exempt, reason, row.starts_on, row.ends_on, row.by_name)


def unreached(
    actor: Actor, *, by_name: bool, cursor: str = "", limit: int = ON_A_PAGE
) -> UnreachedPage:
    """Members of whom a contact is overdue, by name or by who has waited longest; at most one page.

    About members and what stands in the way; nobody's performance is counted here (R16).
    """
    cases, next_cursor = (
        _by_name(actor, cursor, limit) if by_name else _by_need(actor, cursor, limit)
    )
    ids = [case.id for case in cases]
    owed = field_queries.dues_of_subjects(actor, ids, actor.today)
    why = _Reasons(actor, cases)
    rows = [
        Unreached(
            case,
            tuple(one for one in _owed(owed.get(case.id, []), actor) if one.is_overdue),
            why.of(case),
            why.person_of(case.id),
            why.tries.get(case.id, 0),
            why.last_note.get(case.id, ""),
        )
        for case in cases
    ]
    return UnreachedPage(rows, next_cursor)


def missed(actor: Actor, *, limit: int = ON_A_PAGE) -> list[Missed]:
    """Members whom nobody reached in time of late: what was asked for has expired undone, whoever
    reached them since. By name; of at most one page of what expired last. Two queries."""
    expired = field_queries.expired_under(
        actor, actor.path, actor.today, actor.today - TOLD_FOR, ASKED_FOR, limit=limit
    )
    of_case: dict[UUID, list[Owed]] = {}
    for due in sorted(expired, key=lambda due: due.due_on):
        of_case.setdefault(due.subject_id, []).append(
            Owed(due.kind, NAMES[due.kind], due.due_on, True)
        )
    rows = flow_queries.cases_for(actor).filter(id__in=of_case, ended_on__isnull=True)
    return [
        Missed(case, tuple(of_case[case.id]))
        for case in flow_queries.facts_of(rows.order_by("pinyin", "id"))
    ]


def policies_at(actor: Actor, organisation_id: UUID) -> list[PolicyInForce]:
    """What holds at an organisation today, kind by kind, and who has set it. Three queries."""
    organisation = org_queries.get_organisation_for(actor, organisation_id)
    along = sorted(org_queries.ancestor_paths(organisation.path), key=len)
    inherited = rules.as_inherited([*rules.NATIONAL, *declared()], along)
    names = dict(
        CadencePolicy.objects.filter(path__in=along).values_list("path", "organisation_id")
    )
    known = org_queries.names_by_id(names.values())
    found = []
    for kind, chain in inherited.items():
        policy = rules.in_force(chain, actor.today)
        if policy is not None:
            later = next((one for one in chain if one.valid_from > actor.today), None)
            set_by = known.get(names[policy.path], "") if policy.path in names else ""
            found.append(PolicyInForce(kind, KINDS[kind].name, policy, set_by, later))
    return found


def overdue_here(actor: Actor) -> dict[str, int]:
    """How many of each kind that somebody asks for are overdue at the actor's organisation and
    below, from kept counts. One query."""
    counts = field_queries.overdue_counts(actor, actor.path)
    return {kind: counts[kind] for kind in ASKED_FOR if kind in counts}


def _owed(dues: Sequence[DueFacts], actor: Actor) -> tuple[Owed, ...]:
    """Each kind once, by its earliest day: one contact does last month's and this month's."""
    first: dict[str, Owed] = {}
    for due in dues:
        name = NAMES.get(due.kind, due.kind)
        first.setdefault(due.kind, Owed(due.kind, name, due.due_on, due.due_on < actor.today))
    return tuple(first.values())


def _last_reached(case_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    newest = reaching().filter(case_id__in=case_ids).order_by("case_id", "-at").distinct("case_id")
    return dict(newest.values_list("case_id", "at"))


def _by_need(actor: Actor, cursor: str, limit: int) -> tuple[list[CaseFacts], str]:
    page = field_queries.overdue_subjects(
        actor, actor.path, actor.today, ASKED_FOR, cursor, limit=limit
    )
    ids = [due.subject_id for due in page.dues]
    rows = flow_queries.cases_for(actor).filter(id__in=ids, ended_on__isnull=True)
    cases = {case.id: case for case in flow_queries.facts_of(rows)}
    return [cases[one] for one in ids if one in cases], page.next_cursor


def _by_name(actor: Actor, cursor: str, limit: int) -> tuple[list[CaseFacts], str]:
    overdue = field_queries.overdue_case_ids(actor, actor.path, actor.today, ASKED_FOR)
    rows = flow_queries.cases_for(actor).filter(id__in=overdue, ended_on__isnull=True)
    return flow_queries.page_by_name(actor, rows, cursor, of=_UNREACHED, limit=limit)


class _Reasons:
    """What stands in the way of reaching each of these members, from what is known. Six queries."""

    def __init__(self, actor: Actor, cases: Sequence[CaseFacts]) -> None:
        ids = [case.id for case in cases]
        people = ContactPerson.objects.filter(case_id__in=ids, valid_to__isnull=True)
        self._person = {row.case_id: row for row in people}
        self._masks = member_queries.phone_masks(actor, [case.member_id for case in cases])
        accounts = {row.account_id for row in self._person.values()}
        self._away = set(
            Availability.objects.filter(account_id__in=accounts, takes_members=False).values_list(
                "account_id", flat=True
            )
        ) | access_queries.not_active(accounts)
        self.tries: dict[UUID, int] = {}
        self._last: dict[UUID, str] = {}
        self.last_note: dict[UUID, str] = {}
        tried = Contact.objects.filter(
            case_id__in=ids, was_reached=False, withdrawn_at__isnull=True
        ).order_by("case_id", "at")
        for case_id, why_not, note in tried.values_list("case_id", "why_not", "note"):
            self.tries[case_id] = self.tries.get(case_id, 0) + 1
            self._last[case_id] = why_not
            self.last_note[case_id] = note

    def of(self, case: CaseFacts) -> tuple[str, ...]:
        """In the order in which somebody would mend them."""
        found = []
        person = self._person.get(case.id)
        if person is None:
            found.append("no_contact_person")
        elif person.account_id in self._away:
            found.append("contact_person_away")
        last = self._last.get(case.id, "")
        if not self._masks.get(case.member_id):
            found.append("no_phone")
        if last and last not in found:
            found.append(last)
        if case.id not in self.tries and person is not None and not found:
            found.append("not_tried")
        return tuple(found)

    def person_of(self, case_id: UUID) -> str:
        person = self._person.get(case_id)
        return person.name if person else ""
