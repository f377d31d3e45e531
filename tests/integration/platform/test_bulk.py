"""Rows by the thousand obey the same policies and lengths as one row does."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import DataError, ProgrammingError, transaction

from guiyan.members.models import Member, MemberInterval, VaultField
from guiyan.platform.bulk import insert_columns, insert_rows, update_rows
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db


def member(**facts: object) -> Member:
    known = {
        "name": "沙马木呷",
        "name_key": "沙马木呷",
        "pinyin": "shamamuga",
        "initials": "smmg",
        "languages": ["yi"],
        "home_path": "0001",
    }
    return Member(id=uuid4(), **(known | facts))


def test_every_kind_of_value_comes_back_as_it_went_in() -> None:
    rows = [member(name=f"第{n}人", host_path=None if n % 2 else "0002") for n in range(6_000)]
    with scoped(Scope.under("0001")):
        insert_rows(rows)
        kept = VaultField(
            id=uuid4(), member=rows[0], kind="phone", sealed=b"\x00\xff", mask="*",
            valid_from=rows[0].created_at.date(),
        )  # fmt: skip
        insert_rows([kept])
        assert Member.objects.count() == 6_000
        assert Member.objects.get(pk=rows[1].pk).languages == ["yi"]
        assert bytes(VaultField.objects.get().sealed) == b"\x00\xff"
        assert VaultField.objects.get().blind is None
    insert_rows([])


def test_columns_become_rows_with_keys_of_their_own_and_the_defaults_of_the_rest() -> None:
    day = date(2024, 3, 1)
    with scoped(Scope.under("0001")):
        one = member()
        insert_rows([one])
        insert_columns(
            MemberInterval,
            {
                "member_id": [one.pk] * 7_000,
                "what": ["trade"] * 7_000,
                "value": [f"第{n}种" for n in range(7_000)],
                "valid_from": [day] * 7_000,
            },
        )
        rows = MemberInterval.objects.all()
        assert len({row.pk for row in rows}) == 7_000
        assert {row.value for row in rows} == {f"第{n}种" for n in range(7_000)}
        assert {(row.member_id, row.valid_from, row.valid_to) for row in rows} == {
            (one.pk, day, None)
        }
        insert_columns(MemberInterval, {"member_id": []})


def test_what_is_the_same_in_every_row_is_written_in_every_row() -> None:
    with scoped(Scope.under("0001")):
        insert_rows([member(languages=["yi", "han"], trade="餐饮") for _ in range(3)])
        kept = list(Member.objects.values_list("languages", "trade", "host_path", "given_key"))
    assert kept == [(["yi", "han"], "餐饮", None, "")] * 3


def test_a_row_outside_the_scope_is_refused_with_all_the_others() -> None:
    rows = [member(), member(home_path="0009")]
    with scoped(Scope.under("0001")):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            insert_rows(rows)
        assert not Member.objects.exists()


def test_a_value_too_long_is_refused_and_never_cut() -> None:
    with scoped(Scope.under("0001")):
        with pytest.raises(DataError, match="too long"), transaction.atomic():
            insert_rows([member(name="长" * 51)])
        assert not Member.objects.exists()


def test_objects_are_written_back_by_their_keys() -> None:
    rows = [member(name=f"第{n}人") for n in range(5_001)]
    with scoped(Scope.under("0001")):
        insert_rows(rows)
        for row in rows:
            row.name, row.languages, row.host_path = f"{row.name}改", ["han"], None
        rows[1].host_path = "0002"
        rows[0].initials = "不写"
        update_rows(rows, ("name", "languages", "host_path"))
        update_rows([], ("name",))
        first, second = (Member.objects.get(pk=row.pk) for row in rows[:2])
        assert (first.name, first.languages, first.initials) == ("第0人改", ["han"], "smmg")
        assert second.host_path == "0002"
        assert not Member.objects.exclude(name__endswith="改").exists()


def test_a_row_out_of_scope_is_not_written_back() -> None:
    theirs = member()
    with scoped(Scope.under("0001")):
        insert_rows([theirs])
    theirs.name = "改过"
    with scoped(Scope.under("0002")):
        update_rows([theirs], ("name",))
    with scoped(Scope.everywhere()):
        assert Member.objects.get(pk=theirs.pk).name == "沙马木呷"
