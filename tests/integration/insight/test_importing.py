"""The county's three workbooks come in: counted, judged, written as one batch, and taken back."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tests.integration.insight.conftest import MEIGU, officer_of
from tests.integration.insight.importing_steps import (
    MOVED_IN,
    MOVED_OUT,
    PREMISES,
    Bring,
    committed,
    counted,
    found,
    previewed,
    undone,
    written_csv,
)
from tests.people import invented_id

from guiyan.flows import queries as flows
from guiyan.flows.models import Case
from guiyan.insight.importing import commands, queries
from guiyan.insight.models import ImportBatch
from guiyan.kernel.workbooks.read import open_workbook
from guiyan.liaison.models import ContactPerson
from guiyan.members.models import Member, VaultField
from guiyan.members.queries import find_by_id_number
from guiyan.orgs import queries as orgs
from guiyan.outreach.models import Premises
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.models import AuditRow
from guiyan.platform.scope import scoped

pytestmark = pytest.mark.django_db


def test_the_moved_in_register_counts_49_people_three_with_wrong_numbers_and_one_row_doubled(
    bring: Bring, officer: Actor
) -> None:
    batch = previewed(officer, bring("moved-in", MOVED_IN))
    assert counted(batch) == (50, 46, 0, 1, 3, 1)
    assert {each.row for each in batch.problems if each.severity == "error"} == {4, 18, 36}
    assert found(batch) == {
        ("checksum", "error"): 1,
        ("birth", "error"): 2,
        ("ambiguous", "warning"): 2,
        ("missing", "warning"): 1,
        ("marked-duplicate", "warning"): 1,
    }
    assert not Member.objects.exists()


def test_the_moved_out_register_counts_600_people_and_145_formulas(
    bring: Bring, officer: Actor
) -> None:
    batch = previewed(officer, bring("moved-out", MOVED_OUT))
    assert counted(batch) == (600, 600, 0, 0, 0, 0)
    assert found(batch) == {("formula", "warning"): 145}


def test_the_premises_count_4752_rows_of_which_184_have_wrong_codes(
    bring: Bring, officer: Actor
) -> None:
    batch = committed(officer, bring("premises", PREMISES))
    assert counted(batch) == (4752, 4568, 0, 0, 184, 20)
    assert found(batch) == {("checksum", "error"): 184}
    assert Premises.objects.filter(path=orgs.organisation_by_code("513436100").path).count() > 400
    townships = Premises.objects.values_list("path", flat=True).distinct()
    assert len(set(townships)) == 18
    again = previewed(officer, bring("premises", PREMISES))
    assert counted(again) == (4752, 0, 0, 4568, 184, 20)
    assert undone(officer, batch).undone == {"removed": 4568, "kept": 0}
    assert not Premises.objects.exists()


def test_members_of_elsewhere_are_verified_by_their_host_with_home_as_written(
    bring: Bring, officer: Actor
) -> None:
    committed(officer, bring("moved-in", MOVED_IN))
    cases = list(Case.objects.all())
    assert len(cases) == 46
    assert {case.state for case in cases} == {"verified"}
    assert {case.host_organisation_id for case in cases} == {orgs.organisation_by_code(MEIGU).id}
    one = next(case for case in cases if case.member_name == "阿尔·拉且" and case.trade == "快递")
    assert one.home_text == "四川省泸州市某街道社区党支部"
    assert one.home_division_code == "510500000000"
    assert one.stay_division_code == "513436100001"
    assert (one.left_on.isoformat(), one.left_precision) == ("2019-08-26", "day")
    assert one.reason_away == "经商"
    assert all(case.stay_division_code.startswith("513436100") for case in cases)


def test_members_who_left_are_declared_and_a_district_of_this_deployment_is_notified(
    bring: Bring, officer: Actor
) -> None:
    committed(officer, bring("moved-out", MOVED_OUT))
    with scoped(officer.scope):
        states = Counter(Case.objects.values_list("state", flat=True))
        assert states == {"declared": 478, "notified": 122}
        told = Case.objects.filter(state="notified")
        district = orgs.organisation_by_code("520115")
        assert set(told.values_list("host_organisation_id", flat=True)) == {district.id}
        homes = Counter(Case.objects.values_list("home_organisation_id", flat=True))
    branch = orgs.find_organisation(text="中共美姑县牛牛坝镇支部委员会")
    assert branch is not None and homes[branch.id] == 207
    assert len(homes) == 3
    with scoped(Actor.system().scope):
        assert Case.objects.filter(has_certificate=True).count() == 311
        assert not Case.objects.filter(reason_away__contains="SUM").exists()
        assert (
            Case.objects.filter(host_text="深圳", stay_division_code="440300000000").count() == 124
        )


def test_the_district_that_was_notified_sees_those_who_came_to_it_and_no_others(
    bring: Bring, officer: Actor
) -> None:
    committed(officer, bring("moved-out", MOVED_OUT))
    host = officer_of("520115")
    with scoped(host.scope):
        assert len(flows.open_answers_for(host, limit=600)) == 122
        assert Case.objects.count() == 122


def test_a_second_import_of_the_same_file_brings_nothing(bring: Bring, officer: Actor) -> None:
    committed(officer, bring("moved-in", MOVED_IN))
    again = committed(officer, bring("moved-in", MOVED_IN))
    assert counted(again) == (50, 0, 0, 47, 3, 1)
    assert Member.objects.count() == 46 and Case.objects.count() == 46


def test_committing_twice_gives_the_first_answer(bring: Bring, officer: Actor) -> None:
    batch = bring("moved-in", MOVED_IN)
    first = committed(officer, batch)
    assert committed(officer, batch) == first
    assert Case.objects.count() == 46


def test_an_import_that_is_cut_off_leaves_nothing_and_can_be_begun_again(
    bring: Bring, officer: Actor
) -> None:
    class CutOff(Exception):
        """The process ends here."""

    def cut_off(done: int, total: int) -> None:
        assert (done, total) == (600, 600)
        raise CutOff

    batch = bring("moved-out", MOVED_OUT)
    with pytest.raises(CutOff), scoped(officer.scope):
        commands.commit(by=officer, batch_id=batch.id, progress=cut_off)
    with scoped(Actor.system().scope):
        assert not Member.objects.exists() and not Case.objects.exists()
    assert counted(committed(officer, batch)) == (600, 600, 0, 0, 0, 0)


def test_an_import_is_taken_back_whole_and_can_come_in_again(bring: Bring, officer: Actor) -> None:
    batch = committed(officer, bring("moved-out", MOVED_OUT))
    gone = undone(officer, batch)
    assert gone.state == "undone" and gone.undone == {"removed": 600, "kept": 0}
    with scoped(Actor.system().scope):
        assert not Member.objects.exists() and not VaultField.objects.exists()
        assert not Case.objects.exists()
    assert counted(previewed(officer, bring("moved-out", MOVED_OUT))) == (600, 600, 0, 0, 0, 0)
    with pytest.raises(Refused):
        committed(officer, batch)


def test_what_somebody_has_touched_since_stays(bring: Bring, officer: Actor) -> None:
    batch = committed(officer, bring("moved-in", MOVED_IN))
    with scoped(Actor.system().scope):
        touched = Case.objects.order_by("id").first()
        assert touched is not None
        touched.version += 1
        touched.save()
    assert undone(officer, batch).undone == {"removed": 45, "kept": 1}
    with scoped(officer.scope):
        assert Member.objects.get().id == touched.member_id


def test_a_stay_with_a_contact_person_stays_with_all_that_was_written_about_it(
    bring: Bring, officer: Actor
) -> None:
    batch = committed(officer, bring("moved-in", MOVED_IN))
    with scoped(Actor.system().scope):
        held = Case.objects.order_by("id")[0]
        ContactPerson.objects.create(
            case=held, account_id=uuid4(), name="何木沙", why="", valid_from=officer.today
        )
    assert undone(officer, batch).undone == {"removed": 45, "kept": 1}
    with scoped(Actor.system().scope):
        assert ContactPerson.objects.get().case_id == held.id


def test_after_the_window_an_import_is_not_undone_and_says_why(
    bring: Bring, officer: Actor
) -> None:
    batch = committed(officer, bring("moved-in", MOVED_IN))
    with scoped(Actor.system().scope):
        ImportBatch.objects.update(committed_at=now() - timedelta(days=31))
    with pytest.raises(Refused, match="已满30天") as refusal:
        undone(officer, batch)
    assert refusal.value.code == "too-late"


def test_every_file_and_stay_of_an_import_has_its_audit_row(bring: Bring, officer: Actor) -> None:
    committed(officer, bring("moved-in", MOVED_IN))
    actions = Counter(AuditRow.objects.values_list("action", flat=True))
    assert actions["members.register_members"] == 46
    assert actions["flows.open_cases"] == 46
    assert actions["insight.commit"] == 1
    facts = str(list(AuditRow.objects.values_list("facts", flat=True)))
    assert "5605" not in facts


def test_identity_is_sealed_and_the_preview_shows_masks(bring: Bring, officer: Actor) -> None:
    batch = previewed(officer, bring("moved-in", MOVED_IN))
    assert batch.sample[0]["id_number"] == "51**************05"
    assert batch.sample[0]["phone"] == "124****4831"
    assert "12412434831" not in str(batch)
    committed(officer, batch)
    assert len(find_by_id_number(officer, "510599 19560820 5605")) == 1


def test_an_organisation_out_of_scope_is_not_found(
    bring: Bring, officer: Actor, outsider: Actor
) -> None:
    batch = bring("moved-in", MOVED_IN)
    with pytest.raises(NotFound):
        bring("moved-in", MOVED_IN, by=outsider)
    for step in (commands.preview, commands.commit, commands.marked_workbook):
        with pytest.raises(NotFound), scoped(outsider.scope):
            step(by=outsider, batch_id=batch.id)


def test_the_workbook_comes_back_with_its_errors_marked(bring: Bring, officer: Actor) -> None:
    batch = previewed(officer, bring("moved-in", MOVED_IN))
    with scoped(officer.scope):
        content, name = commands.marked_workbook(by=officer, batch_id=batch.id)
    assert name == "moved_in（导入结果）.xlsx"
    sheet = open_workbook(content, name=name).sheets[0]
    said = {row.number: row.cells[-1] for row in sheet.rows() if row.cells[-1]}
    assert set(said) == {2, 4, 9, 16, 18, 36, 46, 52}
    assert "校验" in str(said[4])


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("名册.xlsx", b"PK\x03\x04 not a workbook", "broken"),
        ("名册.xlsx", b"name,phone\n", "not-its-name"),
        ("名册.xlsm", b"PK\x03\x04", "macros"),
        ("名册.csv", b",".join([b"x"] * 10_000), "too-many-columns"),
        ("名册.csv", b"", "empty"),
        ("名册.pdf", b"%PDF", "unsupported"),
    ],
)
def test_a_hostile_file_is_refused_and_leaves_nothing(
    bring: Bring, officer: Actor, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    source = tmp_path / name
    source.write_bytes(content)
    with pytest.raises(Refused) as refused:
        bring("members", source)
    assert refused.value.code == code
    assert "\n" not in refused.value.message
    assert queries.batches_for(officer) == []


def test_a_mapping_that_a_person_corrected_is_remembered(
    bring: Bring, officer: Actor, tmp_path: Path
) -> None:
    source = written_csv(
        tmp_path, "甲,乙,丙", f"阿牛,{invented_id()},x", f"阿果,{invented_id(sequence=3)},y"
    )
    batch = bring("members", source)
    assert not batch.is_certain
    with pytest.raises(Refused, match="姓名"), scoped(officer.scope):
        commands.preview(by=officer, batch_id=batch.id)
    with scoped(officer.scope):
        commands.preview(by=officer, batch_id=batch.id, mapping={"name": 0, "id_number": 1})
    later = bring("members", source)
    assert later.mapping == {"name": 0, "id_number": 1}
    assert counted(previewed(officer, later)) == (2, 2, 0, 0, 0, 0)
