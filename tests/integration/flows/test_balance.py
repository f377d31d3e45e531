"""Whatever happens in whatever order: the registers balance and nobody loses a record.

Several members, homes and hosts; every act is tried by somebody at random, most of them refused.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast import BRANCH, NEXT_BRANCH, OTHER_BRANCH, Place, official, with_permissions
from tests.integration.flows.conftest import newcomer, seen_by, seen_by_the_database
from tests.people import invented_id

from guiyan.flows import commands, counts, queries, registers, rules
from guiyan.flows.commands.steps import SIMPLE_STEPS
from guiyan.flows.models import Case, RegisterCount
from guiyan.flows.rules import CaseAct
from guiyan.flows.types import Placing, RegisterFilter, Stay
from guiyan.orgs.rules import ancestor_paths
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Conflict, NotFound, Refused
from guiyan.platform.permissions import Permission

pytestmark = pytest.mark.django_db

PLACES = (BRANCH, OTHER_BRANCH, NEXT_BRANCH)
PEOPLE = 3


def _head_of(place: Place) -> Actor:
    everyday = official("branch_secretary", place, f"书记·{place.name}")
    return with_permissions(everyday, *everyday.permissions, Permission.PLACE_MEMBERS)


HEADS = {place: _head_of(place) for place in PLACES}

place_indexes = st.integers(0, len(PLACES) - 1)
events = st.tuples(
    st.sampled_from(["declare", "claim", "move_on", "complete", "place", *map(str, CaseAct)]),
    st.integers(0, PEOPLE - 1),
    place_indexes,
    st.none() | place_indexes,
)


@contextmanager
def undone() -> Iterator[None]:
    """Each sequence begins with nobody away."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class World:
    """Three people with their homes, and what each head has ever been entitled to see."""

    def __init__(self) -> None:
        self.numbers = [
            invented_id(born=date(1970, 2, 3), sequence=801 + number) for number in range(PEOPLE)
        ]
        self.homes = [PLACES[number % len(PLACES)] for number in range(PEOPLE)]
        self.files: list[list[UUID]] = [
            [newcomer(HEADS[home], home=home, id_number=number).id]
            for home, number in zip(self.homes, self.numbers, strict=True)
        ]
        self.entitled: dict[UUID, set[Place]] = {}

    def happen(self, event: tuple[str, int, int, int | None]) -> bool:
        """Try one event; False when it was refused."""
        try:
            self._try(*event)
        except (Refused, NotFound, Conflict):
            return False
        return True

    def _try(self, what: str, person: int, at: int, where: int | None) -> None:
        by, host = HEADS[PLACES[at]], PLACES[where] if where is not None else None
        if what == "declare":
            commands.declare_case(
                by=by,
                member_id=self.files[person][0],
                stay=Stay(host_text="某地"),
                host_organisation_id=host.id if host else None,
            )
            return
        if what == "claim":
            self._claim(person, PLACES[at])
            return
        case = self._open_case(person)
        if what == "move_on":
            commands.move_on(
                by=by,
                case_id=case.id,
                stay=Stay(),
                next_host_organisation_id=host.id if host else None,
            )
        elif what in ("complete", CaseAct.COMPLETE_TRANSFER):
            commands.complete_transfer(by=by, case_id=case.id)
        elif what == CaseAct.PLACE:
            commands.place_members(by=by, placings=[Placing(case.id, PLACES[at].id, "就近")])
        elif what == CaseAct.NOTIFY:
            commands.notify_host(
                by=by, case_id=case.id, host_organisation_id=(host or PLACES[at]).id
            )
        elif what in SIMPLE_STEPS:
            commands.take_step(by=by, case_id=case.id, act=what)

    def _claim(self, person: int, host: Place) -> None:
        """The host opens a file of its own where it does not see home's."""
        by = HEADS[host]
        file = newcomer(by, home=self.homes[person], host=host, id_number=self.numbers[person])
        self.files[person].append(file.id)
        commands.claim_case(by=by, member_id=file.id, stay=Stay(), host_organisation_id=host.id)

    def _open_case(self, person: int) -> Case:
        with seen_by_the_database():
            found = Case.objects.filter(
                member_id__in=self.files[person], ended_on__isnull=True
            ).order_by("-opened_on", "-changed_at")
            case = found.first()
        if case is None:
            raise NotFound("nobody away")
        return case

    def check(self) -> None:
        with seen_by_the_database():
            cases = list(Case.objects.all())
        for case in cases:
            self._check_answer(case)
            self._remember(case)
        open_ones = Counter(case.member_id for case in cases if case.ended_on is None)
        assert not open_ones or max(open_ones.values()) == 1
        self._check_balance(cases)
        self._check_counts(cases)
        self._check_nothing_is_lost()

    def _check_answer(self, case: Case) -> None:
        if case.ended_on is not None:
            assert (case.answers, case.answer_by) == ("nobody", None)
            return
        answering = {"home": case.home_path, "host": case.host_path}[case.answers]
        assert answering is not None
        assert (case.claimed_on is not None) == (case.state in rules.CLAIMED_STATES)

    def _remember(self, case: Case) -> None:
        sides = self.entitled.setdefault(case.id, set())
        sides.update(place for place in PLACES if place.path == case.home_path)
        if case.state in rules.CLAIMED_STATES:
            sides.update(place for place in PLACES if place.path == case.host_path)

    def _check_balance(self, cases: list[Case]) -> None:
        for place, head in HEADS.items():
            with seen_by(head):
                out, claimed, unclaimed = (
                    len(registers.register_page(head, "out", place.path, wanted).cases)
                    for wanted in (
                        RegisterFilter(),
                        RegisterFilter(claimed=True),
                        RegisterFilter(claimed=False),
                    )
                )
            assert out == claimed + unclaimed
            away = [c for c in cases if c.ended_on is None and c.home_path == place.path]
            assert out == len(away)

    def _check_counts(self, cases: list[Case]) -> None:
        counts.fold()
        alive: Counter[tuple[str, str, str]] = Counter()
        for case in cases:
            for path, side in ((case.home_path, "out"), (case.host_path, "in")):
                for above in ancestor_paths(path or ""):
                    alive[above, side, case.state] += 1
        with seen_by_the_database():
            kept = {
                (row.path, row.side, row.state): row.count
                for row in RegisterCount.objects.exclude(count=0)
            }
        assert kept == dict(alive)
        for place, head in HEADS.items():
            with seen_by(head):
                balanced = registers.balance(head, place.path)
            assert balanced["out"] == balanced["claimed"] + balanced["unclaimed"]

    def _check_nothing_is_lost(self) -> None:
        for case_id, places in self.entitled.items():
            for place in places:
                with seen_by(HEADS[place]):
                    assert queries.get_case_for(HEADS[place], case_id)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(events, min_size=4, max_size=14))
def test_in_any_order_of_events_registers_balance_and_nobody_loses_a_record(
    sequence: list[tuple[str, int, int, int | None]],
) -> None:
    with undone():
        world = World()
        for event in sequence:
            if world.happen(event):
                world.check()


def test_a_long_story_balances_at_every_step() -> None:
    """One that is known to reach every state: found twice, folded, placed, moved on, transferred."""
    world = World()
    story: list[tuple[str, int, int, int | None]] = [
        ("declare", 0, 0, None),
        ("claim", 0, 2, None),
        ("confirm", 0, 0, None),
        ("place", 0, 2, None),
        ("move_on", 0, 0, 1),
        ("take_in", 0, 1, None),
        ("place", 0, 1, None),
        ("begin_transfer", 0, 0, None),
        ("complete", 0, 1, None),
        ("declare", 1, 1, 2),
        ("not_here", 1, 2, None),
        ("slip_accepted", 1, 1, None),
        ("come_home", 1, 1, None),
        ("claim", 2, 0, None),
        ("deny", 2, 2, None),
        ("declare", 2, 2, 0),
        ("withdraw", 2, 2, None),
    ]
    for event in story:
        assert world.happen(event), event
        world.check()
    with seen_by_the_database():
        reached = set(Case.objects.values_list("state", flat=True))
    assert reached == {"withdrawn", "moved_on", "transferred", "returned"}


def test_counts_made_anew_are_those_that_were_kept() -> None:
    world = World()
    for event in [("declare", 0, 0, 2), ("take_in", 0, 2, None), ("declare", 1, 1, None)]:
        assert world.happen(event)  # type: ignore[arg-type]
    counts.fold()
    with seen_by_the_database():
        kept = set(
            RegisterCount.objects.exclude(count=0).values_list("path", "side", "state", "count")
        )
        counts.remake()
        assert set(RegisterCount.objects.values_list("path", "side", "state", "count")) == kept
