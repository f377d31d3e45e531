"""Opening cases: declared by home, claimed from host, one or a whole workbook of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from guiyan.flows import counts, deadlines, ending, rules
from guiyan.flows.commands.advancing import advance, checked_case, sides_in
from guiyan.flows.models import Case, CaseEvent, Letter
from guiyan.flows.queries import case_facts
from guiyan.flows.rules import CaseAct, CaseState
from guiyan.flows.types import CaseFacts, Stay
from guiyan.members import commands as member_commands
from guiyan.members import queries as member_queries
from guiyan.members.types import MemberFacts
from guiyan.orgs import queries as org_queries
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_columns, insert_rows
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, refuse
from guiyan.platform.permissions import Permission
from guiyan.platform.planning import many_in_scope
from guiyan.platform.referring import written_about


@dataclass(frozen=True, slots=True)
class Opening:
    """One case to open. The sides are organisations of this deployment, or texts in `stay`."""

    member: MemberFacts
    state: CaseState
    stay: Stay = field(default_factory=Stay)
    home: OrganisationFacts | None = None
    host: OrganisationFacts | None = None
    lead_id: UUID | None = None
    previous_case_id: UUID | None = None


@command(Permission.DECLARE_CASES)
def declare_case(
    *, by: Actor, member_id: UUID, stay: Stay, host_organisation_id: UUID | None = None
) -> CaseFacts:
    """Home says: our member is away (R-01). With a host in this deployment, the host is notified
    and answers; without one, home keeps answering and finds out where.

    Raises Refused "already-away" when a stay is open, "already-claimed" when a host has claimed
    the same person in a file of its own, NotFound outside the scope.
    """
    member = member_queries.get_member_for(by, member_id)
    if member.home_organisation_id is None:
        raise NotFound("the member's home is not in this system")
    twins = [twin.id for twin in member_queries.files_with_number_of(by, member_id)]
    claims = Case.objects.filter(member_id__in=twins, ended_on__isnull=True)
    refuse(rules.may_declare(is_claimed_elsewhere=claims.exists()))
    home = org_queries.get_organisation_for(by, member.home_organisation_id)
    host = org_queries.organisation(host_organisation_id) if host_organisation_id else None
    state = CaseState.NOTIFIED if host else CaseState.DECLARED
    return open_rows(by, [Opening(member, state, stay, home, host)])[0]


@command(Permission.ANSWER_CASES)
def claim_case(
    *,
    by: Actor,
    member_id: UUID,
    stay: Stay,
    host_organisation_id: UUID,
    lead_id: UUID | None = None,
) -> CaseFacts:
    """Host says: a member who belongs elsewhere is with us. Home here confirms; a home outside
    this deployment can't, so the stay is verified by the host and a letter goes out (R-09).

    A stay that home has declared already, and that the actor sees, is taken in: both agree.
    """
    member = member_queries.get_member_for(by, member_id)
    host = org_queries.get_organisation_for(by, host_organisation_id)
    declared = Case.objects.filter(member_id=member_id, ended_on__isnull=True).first()
    if declared is not None and declared.host_organisation_id in (None, host.id):
        return _take_in_declared(by, declared, host)
    home = None
    if member.home_organisation_id is not None:
        home = org_queries.organisation(member.home_organisation_id)
    state = CaseState.CLAIMED if home else CaseState.VERIFIED
    return open_rows(by, [Opening(member, state, stay, home, host, lead_id)])[0]


def _take_in_declared(by: Actor, declared: Case, host: OrganisationFacts) -> CaseFacts:
    """Raises Refused "already-away" when the stay has gone beyond the declaration."""
    state = CaseState(declared.state)
    if state not in (CaseState.DECLARED, CaseState.NOTIFIED):
        refuse(rules.may_open(has_open_case=True))
    if state is CaseState.DECLARED:
        case = checked_case(by, declared.id, CaseAct.NOTIFY, None)
        advance(by, case, CaseAct.NOTIFY, host=host)
    case = checked_case(by, declared.id, CaseAct.TAKE_IN, None)
    return case_facts(advance(by, case, CaseAct.TAKE_IN))


@command(Permission.IMPORT_WORKBOOKS)
def open_cases(
    *, by: Actor, openings: Sequence[Opening], import_batch_id: UUID | None = None
) -> list[CaseFacts]:
    """Open many cases in a handful of statements; each leaves an audit row and an event of its own.

    Raises Refused "already-away" if one of the members has an open stay; nothing is opened then.
    """
    return open_rows(by, openings, import_batch_id)


def open_rows(
    by: Actor, openings: Sequence[Opening], import_batch_id: UUID | None = None
) -> list[CaseFacts]:
    """The write itself, for this room's commands, which have checked the permission."""
    member_ids = [opening.member.id for opening in openings]
    # By the index of members: the planner would sooner collect all cases of a wide scope.
    with many_in_scope(in_order=False):
        away = set(
            Case.objects.filter(member_id__any=member_ids, ended_on__isnull=True).values_list(
                "member_id", flat=True
            )
        )
    refuse(rules.may_open(has_open_case=bool(away) or len(set(member_ids)) < len(member_ids)))
    days = deadlines.AnswerDays(by.today)
    cases = [_new_case(by, opening, import_batch_id, days) for opening in openings]
    insert_rows(cases)
    _insert_first_events(by, cases)
    counts.note_changes((None, (case.home_path, case.host_path, case.state)) for case in cases)
    member_commands.set_sides_of_many(by=by, sides=[sides_in(case) for case in cases])
    for case in cases:
        audit.note(
            subject_kind="case",
            subject_id=case.id,
            member_id=case.member_id,
            state=case.state,
            import_batch_id=str(import_batch_id or ""),
        )
    return [case_facts(case) for case in cases]


def _new_case(
    by: Actor, opening: Opening, import_batch_id: UUID | None, days: deadlines.AnswerDays
) -> Case:
    member, stay, home, host = opening.member, opening.stay, opening.home, opening.host
    keys = member_queries.search_keys(member.name)
    answers = rules.who_answers(
        opening.state, home_is_here=home is not None, host_is_here=host is not None
    )
    answering = home if answers == "home" else host
    return Case(
        member_id=member.id,
        member_name=member.name,
        name_key=keys.name_key,
        pinyin=keys.pinyin,
        initials=keys.initials,
        given_key=keys.given_key,
        given_pinyin=keys.given_pinyin,
        trade=member.trade,
        state=opening.state,
        opened_from="host" if opening.state in rules.CLAIMED_STATES else "home",
        home_organisation_id=home.id if home else None,
        home_path=home.path if home else None,
        home_text=stay.home_text or member.home_text,
        home_division_code=home.division_code if home else stay.home_division_code,
        host_organisation_id=host.id if host else None,
        host_path=host.path if host else None,
        host_text=stay.host_text,
        host_division_code=host.stands_in_code if host else stay.host_division_code,
        stay_division_code=stay.stay_division_code,
        left_on=stay.left_on,
        left_precision=stay.left_precision,
        reason_away=stay.reason_away,
        is_abroad=stay.is_abroad and host is None,
        has_certificate=stay.has_certificate,
        search_method=stay.search_method,
        answers=answers,
        answer_by=days.answer_by(opening.state, answering.path if answering else ""),
        lead_id=opening.lead_id,
        previous_case_id=opening.previous_case_id,
        import_batch_id=import_batch_id,
        opened_on=by.today,
        claimed_on=by.today if opening.state in rules.CLAIMED_STATES else None,
    )


def _insert_first_events(by: Actor, cases: Sequence[Case]) -> None:
    many = len(cases)
    insert_columns(
        CaseEvent,
        {
            "case_id": [case.id for case in cases],
            "at": [now()] * many,
            "event": ["declared" if case.opened_from == "home" else "claimed" for case in cases],
            "to_state": [case.state for case in cases],
            "organisation_id": [by.organisation_id] * many,
            "organisation_name": [by.organisation_name] * many,
            "actor_name": [by.name] * many,
            "on": [by.today] * many,
        },
    )


@command(Permission.IMPORT_WORKBOOKS)
def undo_batch(*, by: Actor, batch_id: UUID, reason: str) -> dict[str, int]:
    """Take back the cases of one import that nobody has touched since; the others stay.

    Returns {"removed": n, "kept": n}. A case counts as touched when its version has moved on, a
    letter was issued for it, or another room has written about it: a contact person, a contact.
    Files that were there before the import lose the host it gave them.
    """
    cases = list(Case.objects.select_for_update().filter(import_batch_id=batch_id))
    ids = [case.id for case in cases]
    letters = Letter.objects.filter(case_id__in=ids)
    held = {*letters.values_list("case_id", flat=True), *written_about(Case, ids)}
    untouched = [
        case
        for case in cases
        if case.version == 1 and case.ended_on is None and case.id not in held
    ]
    counts.note_changes(
        ((case.home_path, case.host_path, case.state), (None, None, case.state))
        for case in untouched
    )
    _take_back_hosts(by, untouched, batch_id)
    ending.remove([case.id for case in untouched])
    audit.note(
        subject_kind="import",
        subject_id=batch_id,
        reason=reason,
        removed=len(untouched),
        kept=len(cases) - len(untouched),
    )
    return {"removed": len(untouched), "kept": len(cases) - len(untouched)}


def _take_back_hosts(by: Actor, cases: Sequence[Case], batch_id: UUID) -> None:
    members = member_queries.members_by_id(by, [case.member_id for case in cases])
    member_commands.set_sides_of_many(
        by=by,
        sides=[
            replace(sides_in(case), host_organisation_id=None, host_path=None)
            for case in cases
            if case.home_path is not None and members[case.member_id].import_batch_id != batch_id
        ],
    )
