"""A township moves and branches merge in the middle of a round: nothing is left behind, the sums are
those of the rows at every level, and the phones of its teams go on."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection
from tests.cast import BRANCH, CITY, MEIGU, NEXT_COUNTY, OTHER_BRANCH, TOWNSHIP
from tests.integration.outreach.conftest import (
    COUNTY,
    OFFICER,
    seen_by,
    seen_by_the_database,
)
from tests.integration.outreach.shops import open_shop
from tests.integration.outreach.test_screening import answer, people, round_  # noqa: F401
from tests.integration.outreach.test_states_add_up import fold_all

from guiyan.field import queries as field_queries
from guiyan.field.commands import deciding
from guiyan.field.models import OverdueCount
from guiyan.insight.models import ImportMapping
from guiyan.orgs import commands as orgs
from guiyan.orgs.models import Organisation
from guiyan.outreach.census import counts, rules
from guiyan.outreach.census.types import RoundFacts
from guiyan.outreach.models import Screened, Standing
from guiyan.outreach.screening.rules import Said
from guiyan.platform.actor import Actor

pytestmark = pytest.mark.django_db

SYSTEM = replace(Actor.system("测试"), today=OFFICER.today)


def move_to_the_next_county() -> str:
    """With the worker's count afterwards; the cast's tree was planted, not opened."""
    with seen_by_the_database():
        Organisation.objects.filter(pk=NEXT_COUNTY.id).update(last_child=50)
    moved = orgs.move(
        by=SYSTEM, organisation_id=TOWNSHIP.id, parent_id=NEXT_COUNTY.id, reason="区划调整"
    )
    with seen_by_the_database():
        counts.remake()
    return moved.path


def paths_left(path: str) -> dict[str, int]:
    """Rows of a census or of phones that still stand at or below a path that is gone."""
    left = {}
    with seen_by_the_database(), connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public' and column_name in ('path', 'body_path')"
            " and (table_name like 'outreach_%' or table_name like 'field_%'"
            " or table_name = 'access_handset')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f"select count(*) from {table} where {column} >= %s and {column} < %s || '~'"
                f" {'and count <> 0' if column == 'body_path' else ''}",
                [path, path],
            )
            if many := cursor.fetchone()[0]:
                left[table] = many
    return left


def told_at(round_id: UUID, path: str) -> dict[str, int]:
    fold_all()
    with seen_by_the_database():
        cells = counts.of_bodies(round_id, [path]).get(path, {})
    return {cell: n for cell, n in cells.items() if cell in rules.STATES}


def under(actor: Actor, path: str) -> Actor:
    return replace(actor, path=path)


def test_a_township_of_a_citys_round_moves_and_its_phone_goes_on_as_if_nothing_were() -> None:
    shop = open_shop(replace(COUNTY, path=CITY.path, organisation_id=CITY.id))
    new = move_to_the_next_county()
    assert paths_left(TOWNSHIP.path) == {}
    assert shop.say_by_phone("does_not_exist") == "conflict"
    whole = told_at(shop.round_id, CITY.path)
    assert told_at(shop.round_id, new) == told_at(shop.round_id, NEXT_COUNTY.path) == whole
    assert whole == {"none_found": 1, "not_visited": 1}
    assert told_at(shop.round_id, MEIGU.path) == {}


def test_a_township_leaves_the_county_whose_round_it_is_and_its_new_place_decides() -> None:
    """What its phone brings is not lost, though those above it now do not see the round."""
    shop = open_shop()
    officer = under(OFFICER, move_to_the_next_county())
    assert paths_left(TOWNSHIP.path) == {}
    assert shop.say_by_phone("does_not_exist") == "conflict"
    token, shop.token = shop.token, "x" + shop.token
    assert shop.say_by_phone("refused") == "quarantined"
    shop.token = token
    with seen_by(officer):
        waiting = {one.state: one.id for one in field_queries.waiting_for(officer)}
    assert set(waiting) == {"conflict", "quarantined"}
    deciding.decline(by=officer, operation_ids=[waiting["quarantined"]], reason="看不清")
    assert (
        deciding.choose(by=officer, operation_id=waiting["conflict"], take=["state"]) == "applied"
    )
    with seen_by_the_database():
        assert Standing.objects.get(pk=shop.id).state == "does_not_exist"
    assert told_at(shop.round_id, MEIGU.path) == {}  # the county's own sums are of its own premises


def test_a_branch_with_answers_merges_into_another_and_people_add_up(
    round_: RoundFacts,  # noqa: F811
) -> None:
    answer(round_, 木呷一=Said("here"), 木呷二=Said("away_short"))
    fold_all()
    with seen_by_the_database():
        before = counts.of_bodies(round_.id, [TOWNSHIP.path])[TOWNSHIP.path]
    orgs.merge(by=SYSTEM, organisation_id=BRANCH.id, into_id=OTHER_BRANCH.id, reason="合并")
    with seen_by_the_database():
        counts.remake()
        assert counts.of_bodies(round_.id, [TOWNSHIP.path])[TOWNSHIP.path] == before
        said = Screened.objects.exclude(answer="").values_list("path", "standing__path")
        assert [path == of for path, of in said] == [True, True]


def test_two_bodies_that_both_have_of_a_thing_merge_and_the_kept_ones_holds() -> None:
    """Each has dues that are overdue and the columns of one workbook, of which a body has one."""
    with seen_by_the_database():
        for place in (BRANCH, OTHER_BRANCH):
            OverdueCount.objects.create(path=place.path, kind="contact", count=2)
            ImportMapping.objects.create(
                path=place.path, kind="members", fingerprint="f", mapping={"of": place.code}
            )
        ImportMapping.objects.create(path=BRANCH.path, kind="premises", fingerprint="f", mapping={})
    orgs.merge(by=SYSTEM, organisation_id=BRANCH.id, into_id=OTHER_BRANCH.id, reason="合并")
    with seen_by_the_database():
        kept = ImportMapping.objects.filter(path=OTHER_BRANCH.path)
        assert {one.kind: one.mapping for one in kept} == {
            "members": {"of": OTHER_BRANCH.code}, "premises": {},
        }  # fmt: skip
        assert ImportMapping.objects.filter(path=BRANCH.path).count() == 1
