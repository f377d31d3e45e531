"""The states add up to the register, at every level and at every moment (N4).

Whatever visits, corrections, doors added, duplicates, moves and imports taken back come in any
order, and whatever bodies are opened, moved and merged meanwhile: every premises of an open round
has exactly one standing, and the counters say what a count of the rows says, for the county, each
township and each area.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast import MEIGU, TODAY, TOWNSHIP, Place
from tests.integration.outreach.conftest import (
    COUNTY,
    OFFICER,
    Town,
    premises,
    seen_by,
    seen_by_the_database,
)

from guiyan.orgs import commands as orgs
from guiyan.orgs import queries as orgs_queries
from guiyan.orgs.models import Organisation
from guiyan.orgs.types import OrganisationFacts
from guiyan.outreach import commands as register
from guiyan.outreach.census import commands, counts, queries, rules, supervision
from guiyan.outreach.census.types import NewDoor, NewVisit, StandingFacts
from guiyan.outreach.models import Area, Premises, Standing
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused

pytestmark = pytest.mark.django_db

SYSTEM = replace(Actor.system("测试"), today=TODAY)
ACTS = (
    "visit", "stale", "correct", "add", "import", "undo", "move", "change", "again", "fold",
    "found", "split", "shift", "merge",
)  # fmt: skip
steps = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 30), st.sampled_from(rules.VISITED)),
    max_size=14,
)


def fold_all() -> None:
    with transaction.atomic():
        while counts.fold():
            pass


def assert_adds_up(town: Town) -> None:
    """Counters equal a live count; and there is one standing for each premises of the register."""
    fold_all()
    with seen_by_the_database():
        live: Counter[tuple[str, object, str]] = Counter()
        for row in Standing.objects.filter(round_id=town.round.id):
            for body in orgs_queries.ancestor_paths(row.path):
                if body.startswith(MEIGU.path):
                    live[body, None, row.state] += 1
            if row.area_id:
                live[row.path, row.area_id, row.state] += 1
        assert Standing.objects.filter(round_id=town.round.id).count() == Premises.objects.count()
        bodies = counts.of_bodies(town.round.id, {path for path, _area, _state in live})
        areas = dict(Area.objects.values_list("id", "path"))
        told: Counter[tuple[str, object, str]] = Counter()
        for path, sums in bodies.items():
            told.update({(path, None, cell): n for cell, n in sums.items() if cell in rules.STATES})
        for area_id, sums in counts.of_areas(town.round.id, list(areas)).items():
            told.update(
                {
                    (areas[area_id], area_id, cell): n
                    for cell, n in sums.items()
                    if cell in rules.STATES
                }
            )
        assert told == live


class Walk:
    """Some hours of a round, in any order."""

    def __init__(self, town: Town) -> None:
        self.town, self.number = town, 0
        self.batches: list[UUID] = []
        self.newly: list[tuple[OrganisationFacts, OrganisationFacts]] = []  # township, its branch

    def door(self, n: int) -> StandingFacts:
        doors = self.town.doors(COUNTY)
        return doors[n % len(doors)]

    def visit(self, n: int, state: str, **more: object) -> None:
        door = self.door(n)
        others = [one for one in self.town.doors(COUNTY) if one.id != door.id]
        facts: dict[str, object] = {
            "id": uuid4(),
            "standing_id": door.id,
            "state": state,
            "reason": "随机",
            "come_back_on": TODAY + timedelta(days=3),
            "duplicate_of": others[n % len(others)].id,
            "base_version": door.version,
        }
        by = COUNTY if n % 2 or door.path == MEIGU.path else OFFICER
        commands.record_visits(by=by, visits=[NewVisit(**(facts | more))])  # type: ignore[arg-type]

    def take(self, act: str, n: int, state: str) -> None:
        acts = {
            "visit": lambda: self.visit(n, state),
            "stale": lambda: self.visit(n, state, base_version=0),
            "correct": lambda: self.visit(
                n, state, base_version=0, supersedes=self.door(n).visit_id
            ),
            "add": lambda: self.add(n),
            "import": lambda: self.bring(n),
            "undo": self.undo,
            "move": lambda: self.move(n),
            "change": lambda: self.change(n),
            "again": lambda: commands.open_again(
                by=COUNTY, standing_ids=[self.door(n).id], reason="复核"
            ),
            "fold": fold_all,
            "found": self.found,
            "split": self.split,
            "shift": lambda: self.shift(n),
            "merge": self.merge,
        }
        acts[act]()

    def add(self, n: int) -> None:
        self.number += 1
        door = NewDoor(f"新店{self.number}", f"巴普镇城北社区{n}号")
        commands.add_door(
            by=OFFICER, round_id=self.town.round.id, organisation_id=TOWNSHIP.id, door=door
        )

    def bring(self, n: int) -> None:
        self.batches.append(uuid4())
        register.register_premises(
            by=OFFICER, new=premises(n % 4 + 1), import_batch_id=self.batches[-1]
        )

    def undo(self) -> None:
        if self.batches:
            register.undo_batch(by=OFFICER, batch_id=self.batches.pop(), reason="传错了")

    def move(self, n: int) -> None:
        with seen_by(OFFICER):
            areas = queries.areas_of(OFFICER, self.town.round.id, path=TOWNSHIP.path)
        doors = [one.id for one in self.town.doors()][n % 5 :: 3]
        try:
            commands.move_doors(by=OFFICER, area_id=areas[n % len(areas)].id, standing_ids=doors)
        except Refused as refused:
            assert refused.code == "nothing-chosen"

    def found(self) -> None:
        """A township that nobody had yet, a branch below it, and premises of both."""
        self.number += 1
        with seen_by_the_database():  # the cast's tree was planted, not opened
            planted = Organisation.objects.filter(pk__in=[MEIGU.id, TOWNSHIP.id], last_child=0)
            planted.update(last_child=50)
        township = orgs.open_organisation(
            by=SYSTEM, parent_id=MEIGU.id, kind="township_committee", code=f"N{self.number}",
            name=f"新桥镇党委{self.number}", division_code=MEIGU.division_code,
        )  # fmt: skip
        branch = orgs.open_organisation(
            by=SYSTEM, parent_id=township.id, kind="community_branch", code=f"N{self.number}B",
            name=f"新桥社区党支部{self.number}", division_code=MEIGU.division_code,
        )  # fmt: skip
        self.newly.append((township, branch))
        for place, many in ((township, 3), (branch, 2)):
            of = Place(place.code, place.path, place.name, MEIGU.division_code)
            new = [replace(one, organisation_id=place.id) for one in premises(many, place=of)]
            register.register_premises(by=COUNTY, new=new)

    def split(self) -> None:
        if self.newly:
            at = {"round_id": self.town.round.id, "organisation_id": self.newly[-1][0].id}
            try:
                commands.propose_areas(by=COUNTY, parts=2, **at)
                commands.confirm_areas(by=COUNTY, **at)
            except Refused as refused:
                assert refused.code == "nothing"

    def shift(self, n: int) -> None:
        """The branch with its premises goes under another township, or comes back."""
        if self.newly:
            township, branch = self.newly[-1]
            under = TOWNSHIP.id if n % 2 else township.id
            try:
                orgs.move(by=SYSTEM, organisation_id=branch.id, parent_id=under, reason="调整")
            except Refused as refused:
                assert refused.code == "same-place"
            self.heard()

    def merge(self) -> None:
        if self.newly:
            township, _branch = self.newly.pop()
            orgs.merge(by=SYSTEM, organisation_id=township.id, into_id=TOWNSHIP.id, reason="合并")
            self.heard()

    def heard(self) -> None:
        """What the worker does when organisations have moved or merged."""
        with seen_by_the_database():
            counts.remake()

    def change(self, n: int) -> None:
        """A later list says that some of them lie elsewhere."""
        where = MEIGU if n % 2 else TOWNSHIP
        door = self.door(n)
        assert door.premises_id is not None
        (new,) = premises(1, place=where, street="县城大道")
        register.change_premises(by=COUNTY, changes=[(door.premises_id, new)])


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(taken=steps)
def test_states_add_up_to_the_register_at_every_level_at_every_moment(
    walked: Town, taken: list[tuple[str, int, str]]
) -> None:
    with transaction.atomic():
        walk = Walk(walked)
        for act, n, state in taken:
            walk.take(act, n, state)
            assert_adds_up(walked)
        transaction.set_rollback(True)


def test_areas_of_a_township_that_went_into_another_are_numbered_on(walked: Town) -> None:
    walk = Walk(walked)
    for act in ("found", "split", "merge"):
        walk.take(act, 0, "")
    assert_adds_up(walked)
    with seen_by(OFFICER):
        areas = queries.areas_of(OFFICER, walked.round.id, path=TOWNSHIP.path)
    assert [one.number for one in areas] == [1, 2, 3, 4]


def test_counts_made_anew_are_the_counts_that_were_there(walked: Town) -> None:
    walk = Walk(walked)
    for n, state in enumerate(rules.VISITED):
        walk.visit(n, state)
    fold_all()
    with seen_by(COUNTY):
        before = queries.coverage(COUNTY, walked.round.id, MEIGU.id)
    with seen_by_the_database():
        counts.remake()
    assert_adds_up(walked)
    with seen_by(COUNTY):
        assert queries.coverage(COUNTY, walked.round.id, MEIGU.id) == before
    whole, parts = before
    assert whole.total == len(walked.doors(COUNTY))
    assert whole.done == len(set(rules.VISITED) - rules.UNEXPLAINED) == sum(whole.done_on.values())
    assert [one.name for one in parts] == [TOWNSHIP.name]


def test_streets_villages_and_teams_add_up_to_their_township(walked: Town) -> None:
    walk = Walk(walked)
    for n, state in enumerate(rules.VISITED):
        walk.visit(2 * n, state)
    fold_all()
    with seen_by(OFFICER):
        whole, _parts = queries.coverage(OFFICER, walked.round.id, TOWNSHIP.id)
        villages, streets = supervision.streets_of(OFFICER, walked.round.id, path=TOWNSHIP.path)
        teams = supervision.teams_of(OFFICER, walked.round.id, path=TOWNSHIP.path)
    assert teams is not None
    assert [one.name for one in teams] == ["一组", "二组"]
    for parts in ([one.tally for one in villages], [one.tally for one in streets], teams):
        assert sum(one.total for one in parts) == whole.total
        assert sum(one.left for one in parts) == whole.left
        assert sum(sum(one.done_on.values()) for one in parts) == whole.done
    assert [one.tally.name for one in streets] == sorted(one.tally.name for one in streets)
