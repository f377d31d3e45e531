"""A branch's list in a round: made, answered person by person, or the branch itself is said away.

A case opens through flows' own command, never a second one for somebody who has one; somebody not
known where is owed a search. Where a member is stands in the case only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from guiyan.field import commands as field
from guiyan.field.types import NewDue
from guiyan.flows import commands as flows
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import Stay
from guiyan.members.types import MemberFacts
from guiyan.orgs import queries as orgs
from guiyan.orgs.commands import keep_tree_still
from guiyan.outreach.census import rules as census_rules
from guiyan.outreach.census.counts import Place, note_changes, note_people
from guiyan.outreach.models import Screened, Standing, Visit
from guiyan.outreach.screening import queries, rules
from guiyan.outreach.screening.types import Answers, ListOutcome
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_rows
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.permissions import Permission

_ANSWER = ["answer", "case_id", "answered_on", "source", "account_id", "by_name"]


@command(Permission.SCREEN_ROSTER)
def make_list(*, by: Actor, standing_id: UUID) -> int:
    """Everybody of the branch gets a line, so that a printed list has codes; those who have one keep
    it. Returns how many lines are new."""
    row = _locked(by, standing_id)
    members = queries.members_of(by, row)
    made = _lines(row, members)
    _settle(by, row, [one.id for one in members], "page")
    audit.note(subject_kind="standing", subject_id=row.id, lines=len(made))
    return len(made)


@command(Permission.SCREEN_ROSTER)
def answer_list(
    *, by: Actor, standing_id: UUID, answers: Answers, source: str = "page"
) -> ListOutcome:
    """What is said of these people. What a rule refuses is told with its person, and holds up
    nobody else. Said again the same, it changes nothing."""
    row = _locked(by, standing_id)
    members = {one.id: one for one in queries.members_of(by, row)}
    if not set(answers) <= set(members):
        raise NotFound("member")
    _lines(row, list(members.values()))
    return _Answering(by, row, members, source).take(answers)


@command(Permission.SCREEN_ROSTER)
def say_of_branch(*, by: Actor, standing_id: UUID, state: str, reason: str = "") -> str:
    """The branch has nobody on its list, is dissolved, or went into another one."""
    row = _locked(by, standing_id)
    people = len(queries.members_of(by, row))
    refuse(rules.may_say_of_branch(state, reason, people))
    _put(by, row, state, reason, "page")
    audit.note(subject_kind="standing", subject_id=row.id, state=state)
    return row.state


@command(Permission.SCREEN_ROSTER)
def note_found(*, by: Actor, member_id: UUID) -> None:
    """Somebody who was looked for has been found after their round was closed: the search ends; where
    they are is said in their case. Raises NotFound beyond the actor's lists."""
    said = Screened.objects.filter(member_id=member_id, answer=rules.NOT_KNOWN)
    row = said.order_by("-answered_on", "id").first()
    if row is None:
        raise NotFound("member")
    field.close_dues(
        by=by, subject_id=member_id, kinds=[rules.FIND_DUE], closed_by=row.id, on=by.today
    )
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)


@command(Permission.SCREEN_ROSTER)
def mark_merged(*, by: Actor, gone_id: UUID, kept_id: UUID) -> int:
    """A branch went into another: in every open round that is its state, with the other's name;
    returns in how many. What a person has said of it already stays."""
    keep_tree_still()
    rows = Standing.objects.select_for_update(of=("self",)).filter(
        organisation_id=gone_id, premises__isnull=True, round__state="open"
    )
    marked = [row for row in rows.order_by("pk") if row.state not in rules.SAID_OF_BRANCH]
    kept = orgs.organisation(kept_id)
    for row in marked:
        _put(by, row, rules.MERGED, f"已并入{kept.name}", "decision")
        audit.note(subject_kind="standing", subject_id=row.id, state=rules.MERGED)
    return len(marked)


def _locked(by: Actor, standing_id: UUID) -> Standing:
    keep_tree_still()
    row = (
        Standing.objects.select_for_update(of=("self",))
        .select_related("round")
        .filter(pk=standing_id, premises__isnull=True)
        .first()
    )
    if row is None:
        raise NotFound("branch")
    refuse(census_rules.may_visit(row.round.state))
    return row


def _lines(row: Standing, members: Sequence[MemberFacts]) -> list[Screened]:
    there = dict(Screened.objects.filter(standing_id=row.id).values_list("member_id", "line"))
    last = max(there.values(), default=0)
    new = [one for one in members if one.id not in there]
    if last + len(new) > rules.MOST_LINES:
        raise Refused("too-long", "一个支部的名册最多 999 人，请先核对名册。")
    made = [
        Screened(id=uuid4(), standing_id=row.id, path=row.path, member_id=one.id, line=line)
        for line, one in enumerate(new, start=last + 1)
    ]
    insert_rows(made)
    return made


def _settle(
    by: Actor, row: Standing, ids: Sequence[UUID], source: str, *, is_said: bool = False
) -> None:
    """The branch's state by what is said of those on its list now. What a person said of the whole
    branch stays until somebody of it is answered for."""
    said = Screened.objects.filter(standing_id=row.id, member_id__in=ids).exclude(answer="")
    state = rules.state_of(len(ids), said.count())
    if state != row.state and (is_said or row.state not in rules.SAID_OF_BRANCH):
        _put(by, row, state, "", source)


def _put(by: Actor, row: Standing, state: str, reason: str, source: str) -> None:
    """A new state of the branch: history, counters."""
    before = Place.of(row)
    visit = Visit(
        id=uuid4(),
        standing_id=row.id,
        path=row.path,
        state=state,
        reason=reason.strip()[:200],
        visited_on=by.today,
        source=source,
        outcome="applied",
        base_version=row.version,
        account_id=by.account_id,
        by_name=by.name,
        received_at=now(),
    )
    visit.save(force_insert=True)
    row.state, row.reason, row.visit_id = visit.state, visit.reason, visit.id
    row.visited_on = by.today if state != census_rules.NOT_VISITED else None
    row.version += 1
    row.save(update_fields=["state", "reason", "visit_id", "visited_on", "version"])
    note_changes([(before, Place.of(row), by.today)])


@dataclass(slots=True)
class _Answering:
    """One batch of answers on its way in."""

    by: Actor
    row: Standing
    members: Mapping[UUID, MemberFacts]
    source: str

    def take(self, answers: Answers) -> ListOutcome:
        lines = {
            one.member_id: one
            for one in Screened.objects.filter(standing_id=self.row.id, member_id__in=list(answers))
        }
        away = flow_queries.cases_for(self.by).filter(
            member_id__in=list(answers), ended_on__isnull=True
        )
        cases = dict(away.values_list("member_id", "id"))
        changes: Counter[str] = Counter()
        refused: dict[UUID, tuple[str, str]] = {}
        changed: list[Screened] = []
        opened = 0
        for member_id, said in answers.items():
            line = lines[member_id]
            try:
                case_id = self._one(line, said, cases.get(member_id))
            except Refused as refusal:
                refused[member_id] = (refusal.code, refusal.message)
                continue
            opened += case_id is not None
            if said.answer != line.answer:
                changes[line.answer] -= 1
                changes[said.answer] += 1
                self._write(line, said, case_id)
                changed.append(line)
        Screened.objects.bulk_update(changed, _ANSWER)
        note_people(self.row.round_id, self.row.path, changes)
        self._owe(changed)
        _settle(self.by, self.row, list(self.members), self.source, is_said=bool(changed))
        return ListOutcome(self.row.state, len(answers) - len(refused), opened, refused)

    def _one(self, line: Screened, said: rules.Said, case_id: UUID | None) -> UUID | None:
        """The case that opens by this answer, or none."""
        refuse(rules.may_say(said, has_case=case_id is not None, today=self.by.today))
        if said.answer != rules.AWAY_LONG or case_id is not None:
            return None
        stay = Stay(
            left_on=said.left_on, host_text=said.where.strip()[:120], search_method="ledger"
        )
        try:
            return flows.declare_case(by=self.by, member_id=line.member_id, stay=stay).id
        except Refused as refusal:
            if refusal.code not in {"already-away", "already-claimed"}:
                raise
            return None  # somebody else has said it: the answer stands, no second case

    def _write(self, line: Screened, said: rules.Said, case_id: UUID | None) -> None:
        line.answer, line.answered_on, line.source = said.answer, self.by.today, self.source
        line.case_id = case_id or line.case_id
        line.account_id, line.by_name = self.by.account_id, self.by.name
        audit.note(
            subject_kind="member", subject_id=line.member_id, member_id=line.member_id,
            answer=said.answer,
        )  # fmt: skip

    def _owe(self, changed: Sequence[Screened]) -> None:
        """Who is not known where is looked for; who is known again is not."""
        by, row = self.by, self.row
        lost = [one.member_id for one in changed if one.answer == rules.NOT_KNOWN]
        dues = [
            NewDue(
                kind=rules.FIND_DUE,
                case_id=None,
                subject_kind="member",
                subject_id=member_id,
                organisation_id=row.organisation_id,
                path=row.path,
                owner_account_id=by.account_id,
                opens_on=by.today,
                due_on=by.today + rules.FIND_WITHIN,
                expires_on=None,
                period=str(row.round_id),
                source=row.round.title[:80],
            )
            for member_id in lost
        ]
        if dues:
            field.put_dues(by=by, dues=dues)
        for one in changed:
            if one.answer == rules.NOT_KNOWN:
                field.reopen_dues(by=by, closed_by=one.id)
            else:
                field.close_dues(
                    by=by, subject_id=one.member_id, kinds=[rules.FIND_DUE], closed_by=one.id,
                    on=by.today,
                )  # fmt: skip


def day_or_none(text: str) -> date | None:
    """A day as a page sent it; nothing for nothing. Raises Refused for what is no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise Refused("left-on", "日期请按年-月-日填写，例如 2026-03-01。") from wrong
