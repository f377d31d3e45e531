"""A night with many stays is shared by two connections: each stay is taken once."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    _planted,
    placed,
    seen_by_the_database,
)
from tests.integration.liaison.kept import night

from guiyan.field.models import Due
from guiyan.liaison.cadence import materialising
from guiyan.liaison.models import CadenceStanding
from guiyan.platform.models import AuditRow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _a_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(materialising, "AT_ONCE", 2)


def owed() -> dict[str, int]:
    with transaction.atomic(), seen_by_the_database():
        rows = Due.objects.values_list("subject_id", flat=True)
        return {str(one): list(rows).count(one) for one in set(rows)}


def looked_at() -> int:
    with transaction.atomic(), seen_by_the_database():
        return CadenceStanding.objects.count()


def times_put() -> int:
    with transaction.atomic(), seen_by_the_database():
        return AuditRow.objects.filter(action="field.put_dues").count()


def connections_of_the_web() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_stat_activity where datname = current_database()")
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def test_each_stay_of_the_night_is_taken_once_and_the_next_night_has_nothing_left() -> None:
    cases = [placed() for _ in range(5)]
    before = connections_of_the_web()
    put = night()
    found = owed()
    assert put == sum(found.values())
    assert set(found) == {str(case.id) for case in cases}
    assert len(set(found.values())) == 1
    assert looked_at() == len(cases)
    assert times_put() == 3  # two at once, and none of them twice
    assert connections_of_the_web() == before
    assert night() == 0
    assert owed() == found


def test_what_one_hand_could_not_put_is_told_and_the_next_attempt_puts_it(admin_url: str) -> None:
    stays = sorted(str(placed().id) for _ in range(5))
    with unputtable(admin_url, stays[3]), pytest.raises(IntegrityError):
        night()
    lost = set(stays) - set(owed())
    assert stays[3] in lost
    assert len(lost) <= materialising.AT_ONCE  # the others were put all the same
    assert night() > 0
    assert set(owed()) == set(stays)
    assert len(set(owed().values())) == 1


@contextmanager
def unputtable(admin_url: str, case_id: str) -> Iterator[None]:
    """PostgreSQL refuses the dues of this stay."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(admin_url, dbname=name, autocommit=True) as database:
        database.execute(
            f"alter table field_due add constraint not_this check (subject_id <> '{case_id}')"
        )
        try:
            yield
        finally:
            database.execute("alter table field_due drop constraint not_this")
