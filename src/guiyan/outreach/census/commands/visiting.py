"""Visits: batches from phones, one from a page or a sheet; a found member; what a person decides."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

from guiyan.field import commands as field_commands
from guiyan.flows import commands as flows
from guiyan.flows.types import LeadSaid
from guiyan.orgs import queries as orgs
from guiyan.orgs.commands import keep_tree_still
from guiyan.outreach.census import queries, rules
from guiyan.outreach.census.counts import Change, Place, note_changes
from guiyan.outreach.census.holding import hold_doors, hold_to_decide
from guiyan.outreach.census.types import NewVisit, VisitOutcome
from guiyan.outreach.census.versions import stamp
from guiyan.outreach.models import Area, Round, Standing, Visit
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_rows, update_rows
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope
from guiyan.platform.wording import said as in_words

_CHANGED = (
    "state", "reason", "come_back_on", "duplicate_of", "visited_on", "visit_id", "has_conflict",
    "version", "area_version",
)  # fmt: skip


@command(Permission.CANVASS)
def record_visits(*, by: Actor, visits: Sequence[NewVisit]) -> list[VisitOutcome]:
    """Visits in the order in which they were made: applied, merged, or kept for a person to decide.

    A visit with an id that is here already changes nothing. Doors outside the actor's scope and
    their own areas are not found. A handful of statements for any number, an audit row for each.
    """
    keep_tree_still()
    return _Taking(by, visits).take()


@command(Permission.CANVASS)
def record_found(
    *, by: Actor, visit: NewVisit, said: LeadSaid, search_method: str = "door"
) -> VisitOutcome:
    """Somebody who may be a member was met at a door: a lead for the township to verify, never a
    file. What was said is sealed there; of the visit only that it was so is kept here.

    The same id a second time takes no second lead.
    """
    keep_tree_still()
    with beyond_scope(queries.OWN_TEAM):
        before = Visit.objects.filter(pk=visit.id).first()
    standing = queries.get_standing_for(by, visit.standing_id)
    if before is not None:
        return VisitOutcome(visit.id, standing.id, "again", standing.version)
    place = orgs.organisation(standing.organisation_id)
    lead = flows.take_lead(
        by=by.standing_for(place.id, place.path, place.name),
        organisation_id=place.id,
        door="census",
        search_method=search_method,
        said=replace(said, now_at=said.now_at or f"{standing.address} {standing.name}".strip()),
    )
    found = replace(visit, state=rules.MEMBERS_FOUND)
    outcome = _Taking(by, [found], leads={visit.id: lead.id}).take()[0]
    if outcome.state == "refused":
        raise Refused(outcome.code, outcome.message)
    return outcome


@command(Permission.MANAGE_CENSUS)
def decide_conflict(*, by: Actor, standing_id: UUID, visit_id: UUID, reason: str = "") -> None:
    """A person says which of two visits holds; both stay in the history, and so does the decision."""
    hold_to_decide([standing_id])
    row = _locked(by, standing_id)
    chosen = Visit.objects.filter(pk=visit_id, standing_id=row.id).first()
    if chosen is None:
        raise NotFound("visit")
    if not row.has_conflict:
        raise Refused("decided", "这家已经裁定过了。")
    _rule(by, row, chosen.state, chosen.reason, chosen, chosen.visited_on)
    audit.note(subject_kind="standing", subject_id=row.id, state=chosen.state)


@command(Permission.MANAGE_CENSUS)
def open_again(*, by: Actor, standing_ids: Sequence[UUID], reason: str) -> int:
    """Doors at which somebody has to go again, with the reason: nobody was there, as it were."""
    if not reason.strip():
        raise Refused("reason", "请写一句原因，以便再去的人知道。")
    hold_to_decide(standing_ids)
    for standing_id in standing_ids:
        open_one_again(by, standing_id, reason)
    return len(standing_ids)


def open_one_again(by: Actor, standing_id: UUID, reason: str) -> None:
    """For commands: the caller has the right to it, and says why."""
    hold_to_decide([standing_id])
    row = _locked(by, standing_id)
    _rule(by, row, rules.NOT_VISITED, reason, None, by.today)
    audit.note(subject_kind="standing", subject_id=row.id)


def _locked(by: Actor, standing_id: UUID) -> Standing:
    """In scope; its round may be of a county that the township has left."""
    row = Standing.objects.select_for_update().filter(pk=standing_id).first()
    if row is None:
        raise NotFound("premises")
    with beyond_scope(queries.OWN_TEAM):
        state = Round.objects.values_list("state", flat=True).get(pk=row.round_id)
    refuse(rules.may_visit(state))
    return row


def _rule(
    by: Actor, row: Standing, state: str, reason: str, chosen: Visit | None, on: date
) -> None:
    """A person's word over the visits: the state, the history, the count and the area's version."""
    before = Place.of(row)
    decision = Visit(
        id=uuid4(),
        standing_id=row.id,
        path=row.path,
        state=state,
        reason=reason,
        come_back_on=chosen.come_back_on if chosen else None,
        duplicate_of=chosen.duplicate_of if chosen else None,
        visited_on=on,
        source="decision",
        outcome="applied",
        supersedes=chosen.id if chosen else row.visit_id,
        base_version=row.version,
        account_id=by.account_id,
        by_name=by.name,
        received_at=now(),
    )
    decision.save(force_insert=True)
    _put(row, decision)
    row.has_conflict = False
    stamp([row])
    row.save(update_fields=list(_CHANGED))
    note_changes([(before, Place.of(row), on)])
    _settle(by, row, chosen.id if chosen else None)


def _settle(by: Actor, row: Standing, taken: UUID | None) -> None:
    """What phones had brought about this door and waits elsewhere is decided with it."""
    disagreed = Visit.objects.filter(standing_id=row.id, outcome="conflict", source="device")
    field_commands.settle_conflicts(
        by=by,
        operation_ids=list(disagreed.values_list("id", flat=True)),
        taken=taken,
        version=row.area_version,
    )


def turn_down(by: Actor, visit_ids: Sequence[UUID]) -> None:
    """For the room of phones, where a person has declined these visits: they are no side any more.
    Where nothing else disagrees, what stood before holds, and that is a decision too."""
    with beyond_scope(queries.OWN_TEAM):
        declined = Visit.objects.filter(pk__in=list(visit_ids), outcome="conflict")
        doors = declined.values("standing_id")
        hold_doors(doors.values_list("standing_id", flat=True))
        rows = Standing.objects.select_for_update().filter(pk__in=doors, has_conflict=True)
        for row in rows.order_by("pk"):
            insert_rows([_declining(by, row, one) for one in declined.filter(standing_id=row.id)])
            if not queries.undecided(row.id).exists():
                present = Visit.objects.filter(pk=row.visit_id).first() if row.visit_id else None
                _rule(by, row, row.state, row.reason, present, row.visited_on or by.today)
                audit.note(subject_kind="standing", subject_id=row.id, outcome="declined")


def _declining(by: Actor, row: Standing, declined: Visit) -> Visit:
    """Beside a visit that is no side any more: what stands, and who has declined it."""
    return Visit(
        id=uuid4(),
        standing_id=row.id,
        path=row.path,
        state=row.state,
        reason=row.reason,
        come_back_on=row.come_back_on,
        duplicate_of=row.duplicate_of,
        visited_on=by.today,
        source="decision",
        outcome="merged",
        supersedes=declined.id,
        base_version=row.version,
        account_id=by.account_id,
        by_name=by.name,
        received_at=now(),
    )


def _is_disagreed(row: Standing, made: Sequence[Visit]) -> bool:
    """Whether a visit that disagreed still stands: not decided, nor taken back by its correction."""
    new = [one for one in made if one.standing_id == row.id]
    disagreed = [*queries.undecided(row.id), *(one for one in new if one.outcome == "conflict")]
    taken_back = {(one.supersedes, one.account_id) for one in new}
    return any((one.id, one.account_id) not in taken_back for one in disagreed)


def _put(row: Standing, visit: Visit) -> None:
    """The standing as this visit says."""
    row.state, row.reason = visit.state, visit.reason
    row.come_back_on, row.duplicate_of = visit.come_back_on, visit.duplicate_of
    row.visited_on = visit.visited_on if visit.state != rules.NOT_VISITED else None
    row.visit_id = visit.id
    row.version += 1


@dataclass(slots=True)
class _Taking:
    """One batch of visits on its way in."""

    by: Actor
    visits: Sequence[NewVisit]
    leads: dict[UUID, UUID] | None = None
    _team_of: dict[UUID, UUID | None] = field(default_factory=dict)
    _rounds: dict[UUID, str] = field(default_factory=dict)
    _authors: dict[UUID, UUID | None] = field(default_factory=dict)
    _there: set[UUID] = field(default_factory=set)

    def take(self) -> list[VisitOutcome]:
        teams = queries.own_team_ids(self.by)
        areas = set(queries.own_area_ids(self.by))
        with beyond_scope(queries.OWN_TEAM):
            rows = self._rows(areas)
            self._team_of = dict(
                Area.objects.filter(pk__in={r.area_id for r in rows.values()}, team_id__in=teams)
                .values_list("id", "team_id")
            )  # fmt: skip
            self._rounds = dict(
                Round.objects.filter(pk__in={r.round_id for r in rows.values()})
                .values_list("id", "state")
            )  # fmt: skip
            self._authors = dict(
                Visit.objects.filter(pk__in=[r.visit_id for r in rows.values()])
                .values_list("id", "account_id")
            )  # fmt: skip
            ids = [visit.id for visit in self.visits]
            self._there = set(Visit.objects.filter(pk__in=ids).values_list("id", flat=True))
            before = {row.id: (Place.of(row), row.visited_on) for row in rows.values()}
            made: list[Visit] = []
            outcomes = [
                self._one(visit, rows.get(visit.standing_id), made) for visit in self.visits
            ]
            insert_rows(made)
            self._write(rows, before, {visit.standing_id for visit in made})
        return outcomes

    def _rows(self, areas: set[UUID]) -> dict[UUID, Standing]:
        """Locked in one order, so that two batches never wait for each other in a ring."""
        ids = {visit.standing_id for visit in self.visits}
        rows = Standing.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        may = self.by.scope.covers
        return {row.id: row for row in rows if may(row.path) or row.area_id in areas}

    def _one(self, new: NewVisit, row: Standing | None, made: list[Visit]) -> VisitOutcome:
        if row is None:
            return VisitOutcome(new.id, new.standing_id, "not-found")
        if new.id in self._there:
            return VisitOutcome(new.id, row.id, "again", row.version)
        visited_on = new.visited_on or self.by.today
        report = rules.Report(new.state, new.reason, new.come_back_on, new.duplicate_of)
        refusal = rules.may_visit(self._rounds[row.round_id]) or rules.may_report(
            report, visited_on=visited_on, today=self.by.today
        )
        if refusal is None and row.premises_id is None:
            refusal = rules.NOT_A_DOOR
        if refusal is None and new.duplicate_of == row.id:
            refusal = rules.SAME_DOOR
        if refusal is not None:
            words = in_words(refusal.message)
            return VisitOutcome(new.id, row.id, "refused", row.version, refusal.code, words)
        known = rules.Known(
            row.state,
            row.reason,
            row.version,
            row.visit_id,
            self._authors.get(row.visit_id) if row.visit_id else None,
        )
        outcome = rules.outcome_of(
            known,
            report,
            base_version=new.base_version,
            supersedes=new.supersedes,
            by=self.by.account_id,
        )
        visit = self._visit(new, row, outcome, visited_on)
        made.append(visit)
        self._there.add(visit.id)
        self._authors[visit.id] = visit.account_id
        if outcome == "applied":
            _put(row, visit)
        elif outcome == "conflict":
            row.has_conflict = True
            row.version += 1
        if row.has_conflict and outcome != "conflict" and new.supersedes:
            row.has_conflict = _is_disagreed(row, made)
        audit.note(
            subject_kind="standing", subject_id=row.id, state=visit.state, outcome=outcome,
            source=visit.source,
        )  # fmt: skip
        return VisitOutcome(visit.id, row.id, outcome, row.version)

    def _visit(self, new: NewVisit, row: Standing, outcome: str, visited_on: date) -> Visit:
        return Visit(
            id=new.id,
            standing_id=row.id,
            path=row.path,
            state=new.state,
            reason=(new.reason.strip() or str(rules.DEFAULT_REASONS.get(new.state, "")))[:200],
            come_back_on=new.come_back_on if new.state == rules.CLOSED else None,
            duplicate_of=new.duplicate_of if new.state == rules.DUPLICATE else None,
            visited_on=visited_on,
            source=new.source,
            outcome=outcome,
            supersedes=new.supersedes,
            base_version=new.base_version,
            team_id=self._team_of.get(row.area_id) if row.area_id else None,
            account_id=self.by.account_id,
            by_name=self.by.name,
            lead_id=(self.leads or {}).get(new.id),
            received_at=now(),
        )

    def _write(
        self, rows: dict[UUID, Standing], before: dict[UUID, tuple[Place, date | None]],
        touched: set[UUID],
    ) -> None:  # fmt: skip
        changed = [rows[one] for one in sorted(touched)]
        stamp(changed)
        update_rows(changed, _CHANGED)
        changes: list[Change] = []
        for row in changed:
            was, _visited = before[row.id]
            changes.append((was, Place.of(row), row.visited_on))
        note_changes(changes)
