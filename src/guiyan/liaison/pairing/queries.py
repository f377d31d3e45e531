"""Who can keep in touch, who has nobody, and proposals: all within the actor's part of the tree."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    SmallIntegerField,
    When,
)

from guiyan.access import staffing
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseFacts, CaseState
from guiyan.kernel.findings import Phrase
from guiyan.liaison import queries as liaison_queries
from guiyan.liaison.models import Availability, ContactPerson, DraftPair, Leave, PairingDraft
from guiyan.liaison.pairing import rules
from guiyan.liaison.pairing.types import (
    Carer,
    Draft,
    Keeping,
    LeaveFacts,
    Other,
    OverLimit,
    PairLine,
)
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import ABOVE_EVERY_PATH, beyond_scope

# Who keeps in touch unless something else was said; officers above do so when it is said of them.
BY_ROLE = frozenset({"liaison", "branch_secretary"})


def carers_for(actor: Actor, path: str) -> list[Carer]:
    """Everybody at and below `path` who can be a contact person, with their present load; in the
    tree's order, then by name. Seven queries."""
    staff = staffing.staff_under(actor, path, Permission.RECORD_CONTACT)
    terms = {
        (row.account_id, row.organisation_id): row
        for row in Availability.objects.filter(path__gte=path, path__lt=path + ABOVE_EVERY_PATH)
    }
    places = org_queries.organisations_by_id({one.organisation_id for one in staff})
    above = org_queries.organisations_by_id(
        {place.parent_id for place in places.values() if place.parent_id}
    )
    loads = loads_of(actor, [one.account_id for one in staff])
    limit = default_limit(actor, path)
    leaves = leaves_of([one.account_id for one in staff])
    found = []
    for one in staff:
        place, own = places[one.organisation_id], terms.get((one.account_id, one.organisation_id))
        around = above.get(place.parent_id, place) if place.parent_id else place
        is_known = place.longitude is not None
        found.append(
            Carer(
                account_id=one.account_id,
                name=one.name,
                organisation_id=place.id,
                organisation_name=place.name,
                path=place.path,
                languages=tuple(own.languages) if own and own.languages else one.languages,
                trade=own.trade if own else "",
                limit=own.limit if own and own.limit is not None else limit,
                takes_members=own.takes_members if own else bool(BY_ROLE & set(one.roles)),
                load=loads[one.account_id],
                longitude=place.longitude if is_known else around.longitude,
                latitude=place.latitude if is_known else around.latitude,
                has_own_limit=own is not None and own.limit is not None,
                reads=tuple(own.reads) if own else (),
                leave=leaves.get(one.account_id),
            )
        )
    return found


def leaves_of(account_ids: Iterable[UUID]) -> dict[UUID, LeaveFacts]:
    """The leave that each of them is on, else the next one, within scope. One query."""
    rows = Leave.objects.filter(account_id__in=list(account_ids)).exclude(state="over")
    return {row.account_id: _leave(row) for row in rows.order_by("-starts_on")}


def stood_in_for(account_id: UUID, first: date, last: date) -> list[LeaveFacts]:
    """Leaves within scope, in these days and not over, for which this person stands in. One query."""
    rows = Leave.objects.filter(stand_in_account_id=account_id).exclude(state="over")
    rows = rows.filter(starts_on__lte=last, ends_on__gte=first)
    return [_leave(row) for row in rows.order_by("starts_on", "id")]


def leaves_not_over(actor: Actor) -> QuerySet[Leave]:
    """Leaves within scope that go on or are to come; also to be asked whether there are any."""
    return Leave.objects.exclude(state="over").filter(ends_on__gte=actor.today)


def stand_ins_away(actor: Actor, *, limit: int = 50) -> list[LeaveFacts]:
    """Leaves within scope that go on or are to come, of which who stands in is away for a while
    too, wherever that was planned; the earliest first. Two queries, one where nobody is on leave."""
    if not actor.may(Permission.PAIR_MEMBERS):
        return []
    rows = list(leaves_not_over(actor).order_by("starts_on", "id"))
    if not rows:
        return []
    with beyond_scope("whoever is away is away, in whichever part of the tree it was planned"):
        away = Leave.objects.exclude(state="over").filter(
            account_id__in={row.stand_in_account_id for row in rows}, ends_on__gte=actor.today
        )
        days = [(one.account_id, one.starts_on, one.ends_on) for one in away]
    found = [
        row
        for row in rows
        if any(
            who == row.stand_in_account_id and first <= row.ends_on and last >= row.starts_on
            for who, first, last in days
        )
    ]
    return [_leave(row) for row in found[:limit]]


def _leave(row: Leave) -> LeaveFacts:
    return LeaveFacts(
        row.id,
        row.account_id,
        row.name,
        row.starts_on,
        row.ends_on,
        row.stand_in_name,
        row.note,
        row.state,
        row.organisation_id,
    )


def carer_for(actor: Actor, account_id: UUID, organisation_id: UUID) -> Carer:
    """One of them at one organisation. Out of scope is NotFound."""
    place = org_queries.get_organisation_for(actor, organisation_id)
    for carer in carers_for(actor, place.path):
        if (carer.account_id, carer.organisation_id) == (account_id, organisation_id):
            return carer
    raise NotFound("carer")


def default_limit(actor: Actor, path: str) -> int:
    """At most so many members for one contact person, where nothing is said for the person."""
    try:
        return org_queries.parameter("contact_person_limit", path=path, on=actor.today).value
    except NotFound:  # set up before there was such a parameter
        return rules.DEFAULT_LIMIT


def loads_of(actor: Actor, account_ids: Iterable[UUID]) -> Counter[UUID]:
    """How many members each of them keeps in touch with now, within scope. One query."""
    rows = (
        ContactPerson.objects.filter(account_id__in=list(account_ids), valid_to__isnull=True)
        .filter(case__ended_on__isnull=True)
        .values_list("account_id")
        .annotate(count=Count("id"))
    )
    return Counter(dict(rows))


def placed_at(actor: Actor, path: str) -> QuerySet[Any]:
    """Open stays placed at and below `path`, in the order of registers."""
    return (
        flow_queries.cases_for(actor)
        .filter(state=CaseState.PLACED, ended_on__isnull=True)
        .filter(host_path__gte=path, host_path__lt=path + ABOVE_EVERY_PATH)
        .order_by("pinyin", "id")
    )


def without_contact_person(actor: Actor, *, limit: int = 50) -> list[CaseFacts]:
    """Placed members whom nobody of the host keeps in touch with; at most one page. Two queries,
    one where there are none."""
    rows, ids = flow_queries.cases_for(actor), _without(limit)
    return flow_queries.facts_of(rows.filter(id__any=ids).order_by("pinyin", "id")) if ids else []


def count_without(actor: Actor) -> int:
    """How many of them there are. One query."""
    flow_queries.cases_for(actor)
    return len(_without(None))


def _without(most: int | None) -> list[UUID]:
    """The database compares both tables within the scope of the transaction (migration 0006)."""
    with connection.cursor() as cursor:
        cursor.execute("select liaison_without_contact_person(%s)", [most])
        return [row[0] for row in cursor.fetchall()]


def has_contact_person() -> Exists:
    """A condition on cases: somebody of the host keeps in touch with this member."""
    own = ContactPerson.objects.filter(
        case_id=OuterRef("pk"), valid_to__isnull=True, is_interim=False
    )
    return Exists(own)


def is_kept_by(account_id: UUID) -> Exists:
    """A condition on cases: this person keeps in touch with the member."""
    return Exists(
        ContactPerson.objects.filter(
            case_id=OuterRef("pk"), valid_to__isnull=True, account_id=account_id
        )
    )


def name_of_carer(actor: Actor, account_id: UUID, path: str) -> str:
    """By which name members know this person. Raises NotFound outside the actor's part."""
    names = (one.name for one in carers_for(actor, path) if one.account_id == account_id)
    if name := next(names, ""):
        return name
    raise NotFound("carer")


def present_rows(case_ids: Sequence[UUID]) -> dict[UUID, ContactPerson]:
    """The present contact persons of these cases, one query: for this room's commands."""
    rows = ContactPerson.objects.filter(case_id__in=case_ids, valid_to__isnull=True)
    return {row.case_id: row for row in rows}


def keepings_of(actor: Actor, case_id: UUID) -> list[Keeping]:
    """Who has kept in touch with the member and why, the latest first. Two queries."""
    return [
        Keeping(row.name, row.why, row.valid_from, row.valid_to, row.hand_over_note, row.is_interim)
        for row in liaison_queries.ever_of(actor, case_id)
    ]


def drafts_for(actor: Actor, *, limit: int = 10) -> list[Draft]:
    """The latest proposals at and below the actor's organisation. Two queries."""
    rows = _counted(PairingDraft.objects.filter(path__gte=actor.path)).order_by("-made_at")[:limit]
    names = org_queries.organisations_by_id({row.organisation_id for row in rows})
    return [_draft(row, names[row.organisation_id].name) for row in rows]


def get_draft_for(actor: Actor, draft_id: UUID) -> Draft:
    """One proposal with its counts. Out of scope is NotFound. Two queries."""
    row = _counted(PairingDraft.objects.filter(id=draft_id)).first()
    if row is None:
        raise NotFound("draft")
    return _draft(row, org_queries.organisation(row.organisation_id).name)


def lines_of(
    actor: Actor, draft_id: UUID, *, first: int = 0, limit: int | None = None
) -> list[PairLine]:
    """The members of a proposal: who is left over, who moves, who is new, then who stays. Two
    queries."""
    get_draft_for(actor, draft_id)
    place = Case(
        When(account_id__isnull=True, then=0),
        When(present_account_id__isnull=True, then=2),
        When(account_id=F("present_account_id"), then=3),
        default=1,
        output_field=SmallIntegerField(),
    )
    rows = DraftPair.objects.filter(draft_id=draft_id).select_related("case")
    rows = rows.annotate(place=place).order_by("place", "case__pinyin", "id")
    return [_line(row) for row in rows[first : None if limit is None else first + limit]]


def people_of(draft_id: UUID) -> list[tuple[str, UUID]]:
    """Who is named in a proposal, before or after, by name. Two queries."""
    rows = DraftPair.objects.filter(draft_id=draft_id)
    before = rows.filter(present_account_id__isnull=False)
    found = dict(before.values_list("present_account_id", "present_name").distinct())
    found |= dict(
        rows.filter(account_id__isnull=False).values_list("account_id", "name").distinct()
    )
    return sorted((name, account_id) for account_id, name in found.items() if account_id)


def lines_with(draft_id: UUID, account_ids: Collection[UUID]) -> list[PairLine]:
    """The members of a proposal that these people keep, or give to others. One query."""
    rows = DraftPair.objects.filter(draft_id=draft_id).filter(
        Q(account_id__in=account_ids) | Q(present_account_id__in=account_ids)
    )
    return [_line(row) for row in rows.select_related("case").order_by("case__pinyin", "id")]


def over_limit(actor: Actor, draft_id: UUID, carers: Iterable[Carer]) -> list[OverLimit]:
    """Whom this proposal, as it was corrected by hand, gives more members than their limit says;
    by name. Members whom they keep outside of it count too. Three queries, one where nothing was
    corrected."""
    rows = DraftPair.objects.filter(draft_id=draft_id)
    chosen = set(rows.filter(is_by_hand=True).values_list("account_id", flat=True).distinct())
    by_hand = [one for one in carers if one.account_id in chosen]
    if not by_hand:
        return []
    gets, had = (
        Counter(rows.filter(**{f"{column}__in": chosen}).values_list(column, flat=True))
        for column in ("account_id", "present_account_id")
    )
    found = [
        OverLimit(one.account_id, one.name, load, one.limit)
        for one in by_hand
        if (load := one.load - had[one.account_id] + gets[one.account_id]) > one.limit
    ]
    return sorted(found, key=attrgetter("name"))


def beyond_limit(actor: Actor, taking: Mapping[UUID, int]) -> list[OverLimit]:
    """Who would keep in touch with more members than their limit says, if each of these took on so
    many more; by name. Those for whom they stand in count too. Eight queries."""
    standing_in = Counter(
        ContactPerson.objects.filter(
            stand_in_account_id__in=list(taking), valid_to__isnull=True, case__ended_on__isnull=True
        ).values_list("stand_in_account_id", flat=True)
    )
    roomiest: dict[UUID, Carer] = {}
    for one in carers_for(actor, actor.path):
        known = roomiest.get(one.account_id)
        if one.account_id in taking and (known is None or one.limit > known.limit):
            roomiest[one.account_id] = one
    found = [
        OverLimit(one.account_id, one.name, load, one.limit)
        for one in roomiest.values()
        if (load := one.load + standing_in[one.account_id] + taking[one.account_id]) > one.limit
    ]
    return sorted(found, key=attrgetter("name"))


def as_known(over: Iterable[OverLimit]) -> str:
    """What a page said of limits, as its form brings it back: who goes on has read it."""
    return " ".join(f"{one.account_id}:{one.load}" for one in over)


def _counted(rows: QuerySet[PairingDraft]) -> QuerySet[PairingDraft]:
    had, gets = Q(pairs__present_account_id__isnull=False), Q(pairs__account_id__isnull=False)
    stays = Q(pairs__account_id=F("pairs__present_account_id"))
    return rows.annotate(
        members=Count("pairs"),
        moving=Count("pairs", filter=had & gets & ~stays),
        new=Count("pairs", filter=~had & gets),
        left_over=Count("pairs", filter=~gets),
    )


def _draft(row: PairingDraft, organisation_name: str) -> Draft:
    return Draft(
        id=row.id,
        organisation_id=row.organisation_id,
        organisation_name=organisation_name,
        path=row.path,
        made_by_name=row.made_by_name,
        made_at=row.made_at,
        leaving_account_id=row.leaving_account_id,
        leaving_name=row.leaving_name,
        hand_over_note=row.hand_over_note,
        state=row.state,
        gap=row.gap,
        total_km=row.total_km,
        members=row.members,  # type: ignore[attr-defined]
        moving=row.moving,  # type: ignore[attr-defined]
        new=row.new,  # type: ignore[attr-defined]
        left_over=row.left_over,  # type: ignore[attr-defined]
        trouble=row.trouble,
    )


def _line(row: DraftPair) -> PairLine:
    return PairLine(
        id=row.id,
        case_id=row.case_id,
        member_id=row.case.member_id,
        member_name=row.case.member_name,
        host_organisation_id=row.case.host_organisation_id,
        present_account_id=row.present_account_id,
        present_name=row.present_name,
        account_id=row.account_id,
        name=row.name,
        km=row.km,
        reasons=phrases(row.why),
        others=[
            Other(UUID(other["account"]), other["name"], phrases(other["why"]))
            for other in row.others
        ],
        is_by_hand=row.is_by_hand,
        is_pinned=row.is_pinned,
        trade=row.case.trade,
    )


def kept(reasons: Iterable[Phrase]) -> list[list[object]]:
    """Phrases as they lie in a draft, to be said in any reader's language."""
    return [[one.text, dict(one.values)] for one in reasons]


def phrases(stored: Iterable[Sequence[object]]) -> tuple[Phrase, ...]:
    found = []
    for text, values in stored:
        assert isinstance(values, dict)
        filled = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        found.append(Phrase(str(text), filled))
    return tuple(found)
