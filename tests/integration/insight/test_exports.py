"""Registers that leave the house: masked by default, complete, inert, and full numbers only in pairs."""

import csv
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook
from tests.acting import Browser
from tests.cast import BRANCH, NEXT_BRANCH, OFFICIALS, OUTSIDERS, TOWNSHIP
from tests.integration.flows.conftest import HOME, _planted, declared, newcomer, placed
from tests.integration.liaison.kept import with_contact_person
from tests.people import invented_id

from guiyan.flows import commands as flows
from guiyan.flows.commands import Opening
from guiyan.flows.rules import CaseState
from guiyan.flows.types import RegisterFilter, Stay
from guiyan.insight import commands, export_queries, exporting
from guiyan.insight.export_sources import SOURCES
from guiyan.insight.models import ExportRequest
from guiyan.members import commands as members
from guiyan.members import timeline
from guiyan.members.types import MemberFacts, NewMember
from guiyan.orgs import queries as orgs
from guiyan.platform import files
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.models import AuditRow
from guiyan.platform.scope import Scope, scoped

__all__ = ["_planted"]
pytestmark = pytest.mark.django_db

CHINA = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=CHINA)
APPROVER = OFFICIALS["approver"]
COUNTY = OFFICIALS["county_officer"]


@pytest.fixture(autouse=True)
def _noon(settings: Any, tmp_path: Path) -> Any:
    settings.FILES_DIR = tmp_path / "files"
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


_numbers = count(1)


def people(many: int, *, id_number: str | None = None) -> list[MemberFacts]:
    """Members of the secretary's branch who are away."""
    new = [
        NewMember(
            name=f"吉克{chr(0x4E00 + n)}",
            id_number=id_number or invented_id(sequence=next(_numbers)),
            home_organisation_id=BRANCH.id,
        )
        for n in range(many)
    ]
    away = members.register_members(by=HOME, new=new)
    with scoped(HOME.scope):
        home = orgs.organisation(BRANCH.id)
    openings = [Opening(member, CaseState.DECLARED, home=home) for member in away]
    flows.open_cases(by=HOME, openings=openings)
    return away


def ask(by: Actor = HOME, *, full: bool = False, **more: Any) -> UUID:
    more = {"register": "moved-out", "organisation_id": BRANCH.id, "reason": "核对名册"} | more
    return commands.request_export(by=by, is_unmasked=full, **more)


def write(request_id: UUID, by: Actor = HOME) -> ExportRequest:
    """What the worker does, with its way of putting off."""
    try:
        exporting.write_export(by=by, request_id=request_id)
    except Refused as refused:
        exporting.put_off_export(
            by=by, request_id=request_id, code=refused.code, message=refused.message
        )
    return row(request_id)


def row(request_id: UUID) -> ExportRequest:
    with scoped(Scope.everywhere()):
        return ExportRequest.objects.get(id=request_id)


def taken(request_id: UUID, tmp_path: Path, by: Actor = HOME) -> Path:
    stored = commands.take_export(by=by, request_id=request_id)
    return files.copy_out(stored, tmp_path / stored.name)


def cells(path: Path) -> list[list[Any]]:
    sheet = load_workbook(path).active
    assert sheet is not None
    return [[cell.value for cell in line] for line in sheet.iter_rows()]


class TestMasked:
    def test_every_row_is_there_with_masks_and_the_name_of_who_took_it(
        self, tmp_path: Path
    ) -> None:
        number = invented_id(born=date(1970, 1, 1), sequence=777)
        people(1, id_number=number)
        people(6)
        request_id = ask()
        assert write(request_id).rows == 7
        path = taken(request_id, tmp_path)
        lines = cells(path)
        assert len(lines) == 3 + 7  # title, note, heads
        assert HOME.name in lines[1][0]
        assert number not in path.read_bytes().decode("latin-1")
        assert not any(number in str(cell) for line in lines for cell in line)
        header = load_workbook(path).active.oddHeader.center.text  # type: ignore[union-attr]
        assert HOME.name in header

    def test_long_numbers_are_text_and_formulas_do_not_run(self, tmp_path: Path) -> None:
        member = newcomer(trade="=1+1")
        flows.declare_case(by=HOME, member_id=member.id, stay=Stay(host_text="@SUM(A1)"))
        for file_format in ("xlsx", "csv"):
            request_id = ask(file_format=file_format)
            write(request_id)
            path = taken(request_id, tmp_path)
            if file_format == "xlsx":
                sheet = load_workbook(path).active
                assert sheet is not None
                assert {
                    cell.data_type for line in sheet.iter_rows() for cell in line if cell.value
                } == {"s"}
            else:
                with path.open(encoding="utf-8-sig", newline="") as stream:
                    written = [cell for line in csv.reader(stream) for cell in line]
                assert not [cell for cell in written if cell[:1] in "=@" and cell]

    def test_more_rows_than_one_page_are_complete(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("guiyan.insight.export_sources.AT_ONCE", 3)
        away = people(10)
        request_id = ask()
        write(request_id)
        names = [line[0] for line in cells(taken(request_id, tmp_path))[3:]]
        assert sorted(names) == sorted(member.name for member in away)

    def test_the_filters_of_the_page_go_along(self) -> None:
        people(2)
        declared()
        assert write(ask(wanted=RegisterFilter(states=("notified",)))).rows == 1

    def test_members_and_organisations_can_be_exported_too(self, tmp_path: Path) -> None:
        people(3)
        assert write(ask(register="members")).rows == 3
        request_id = ask(
            OFFICIALS["township_officer"], register="organisations", organisation_id=TOWNSHIP.id
        )
        assert write(request_id, OFFICIALS["township_officer"]).rows == 3  # itself, two branches

    def test_a_pdf_of_the_whole_register(self, tmp_path: Path) -> None:
        people(3)
        request_id = ask(file_format="pdf")
        assert write(request_id).rows == 3
        assert taken(request_id, tmp_path).read_bytes().startswith(b"%PDF")

    def test_only_the_one_who_asked_takes_it_and_only_for_a_day(
        self, tmp_path: Path, _noon: Any
    ) -> None:
        people(1)
        request_id = ask()
        write(request_id)
        with pytest.raises(Forbidden):
            commands.take_export(by=OFFICIALS["township_officer"], request_id=request_id)
        with pytest.raises(NotFound):
            commands.take_export(by=OUTSIDERS["county_officer"], request_id=request_id)
        _noon.shift(timedelta(hours=24, minutes=1))
        with pytest.raises(NotFound):
            commands.take_export(by=HOME, request_id=request_id)

    def test_asking_writing_and_taking_are_each_in_the_audit(self, tmp_path: Path) -> None:
        people(2)
        request_id = ask()
        write(request_id)
        taken(request_id, tmp_path)
        with scoped(Scope.everywhere()):
            rows = AuditRow.objects.filter(subject_id=request_id).order_by("id")
            acts = [(row.action, row.facts.get("rows")) for row in rows]
        assert acts == [
            ("insight.request_export", None),
            ("insight.write_export", 2),
            ("insight.take_export", 2),
        ]

    def test_a_second_run_of_the_worker_changes_nothing(self) -> None:
        people(1)
        request_id = ask()
        first = write(request_id).stored_file_id
        assert write(request_id).stored_file_id == first

    def test_the_next_countys_register_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            ask(organisation_id=NEXT_BRANCH.id)


class TestFullNumbers:
    """F53: more than 50 rows alone, split in 20 × 49, one's own request, after a day."""

    def test_need_a_reason(self) -> None:
        with pytest.raises(Refused, match="用途"):
            ask(full=True, reason=" ")

    def test_a_few_go_at_once_to_somebody_who_may_open_them_and_each_member_reads_of_it(
        self, tmp_path: Path
    ) -> None:
        number = invented_id(born=date(1970, 1, 1), sequence=779)
        [member] = people(1, id_number=number)
        request_id = ask(full=True)
        assert write(request_id).state == "ready"
        lines = cells(taken(request_id, tmp_path))
        assert any(number == cell for cell in lines[3])
        own = Actor.member(member.id, member.name)
        with scoped(own.scope):
            [entry] = timeline.openings_of(own, member.id)
        assert (entry.who, entry.reason) == (HOME.name, "核对名册")

    def test_more_than_fifty_wait_for_a_second_person_and_can_not_be_taken(self) -> None:
        people(51)
        request_id = ask(full=True)
        assert row(request_id).state == "waiting"
        assert write(request_id).state == "waiting"
        with pytest.raises(Forbidden):
            commands.take_export(by=HOME, request_id=request_id)

    def test_splitting_them_trips_the_days_quota(self) -> None:
        people(49)
        assert write(ask(full=True)).state == "ready"
        assert row(ask(full=True)).state == "waiting"

    def test_two_asked_for_before_either_is_written_trip_it_too(self) -> None:
        people(30)
        first, second = ask(full=True), ask(full=True)
        assert write(first).state == "ready"
        assert write(second).state == "waiting"

    def test_who_may_not_open_a_single_number_always_needs_a_second_person(self) -> None:
        people(1)
        assert row(ask(COUNTY, full=True)).state == "waiting"

    def test_a_second_person_says_yes_and_the_file_names_both(self, tmp_path: Path) -> None:
        people(51)
        request_id = ask(full=True)
        commands.decide_export(by=APPROVER, request_id=request_id, is_approved=True)
        assert write(request_id).rows == 51
        note = cells(taken(request_id, tmp_path))[1][0]
        assert HOME.name in note
        assert APPROVER.name in note

    def test_an_approved_export_leaves_the_days_own_fifty_untouched(self) -> None:
        people(51)
        request_id = ask(full=True)
        commands.decide_export(by=APPROVER, request_id=request_id, is_approved=True)
        write(request_id)
        few = ask(full=True, wanted=RegisterFilter(trade="没有这一行"))
        assert row(few).state == "queued"

    def test_nobody_approves_their_own(self) -> None:
        people(51)
        both = replace(HOME, permissions=HOME.permissions | APPROVER.permissions)
        request_id = ask(both, full=True)
        with pytest.raises(Forbidden):
            commands.decide_export(by=both, request_id=request_id, is_approved=True)

    def test_a_yes_after_a_day_is_too_late(self, _noon: Any) -> None:
        people(51)
        request_id = ask(full=True)
        _noon.shift(timedelta(hours=24, minutes=1))
        with pytest.raises(Refused) as refused:
            commands.decide_export(by=APPROVER, request_id=request_id, is_approved=True)
        assert refused.value.code == "expired"

    def test_a_yes_that_nobody_used_for_a_day_is_void(self, _noon: Any) -> None:
        people(51)
        request_id = ask(full=True)
        commands.decide_export(by=APPROVER, request_id=request_id, is_approved=True)
        _noon.shift(timedelta(hours=24, minutes=1))
        assert write(request_id).state == "failed"

    def test_who_says_yes_sees_how_many_people_and_by_which_filter(self) -> None:
        people(51)
        asked = ask(full=True, wanted=RegisterFilter(states=("declared", "notified")))
        with scoped(APPROVER.scope):
            (waiting,) = export_queries.to_approve(APPROVER)
        assert (waiting.id, waiting.rows) == (asked, 51)
        assert [str(one) for one in waiting.filters] == ["已申报流出", "已通知流入地"]

    def test_a_no_is_a_no(self) -> None:
        people(51)
        request_id = ask(full=True)
        commands.decide_export(by=APPROVER, request_id=request_id, is_approved=False)
        assert write(request_id).state == "declined"
        with pytest.raises(Refused):
            commands.decide_export(by=APPROVER, request_id=request_id, is_approved=True)

    def test_an_approver_of_the_next_county_neither_sees_nor_decides_it(self) -> None:
        people(51)
        request_id = ask(full=True)
        stranger = replace(OUTSIDERS["county_officer"], permissions=APPROVER.permissions)
        with scoped(stranger.scope):
            assert export_queries.to_approve(stranger) == []
        with pytest.raises(NotFound):
            commands.decide_export(by=stranger, request_id=request_id, is_approved=True)


class TestThePages:
    def test_from_the_register_to_the_file(self) -> None:
        people(2)
        browser = Browser(HOME)
        address = reverse("insight:new_export")
        form = browser.get(
            f"{address}?register=moved-out&organisation={BRANCH.id}"
        ).content.decode()
        assert BRANCH.code in form
        asked = browser.post(
            address,
            {
                "register": "moved-out",
                "organisation": BRANCH.code,
                "file_format": "xlsx",
                "once": "k1",
            },
        )
        assert asked.status_code == 303
        waiting = browser.get(asked.headers["Location"])
        assert waiting.headers["Refresh"]
        request_id = UUID(asked.headers["Location"].rstrip("/").split("/")[-1])
        write(request_id)
        page = browser.get(asked.headers["Location"])
        assert "Refresh" not in page.headers
        file = browser.get(reverse("insight:export_file", args=[request_id]))
        content = b"".join(file)  # type: ignore[arg-type]
        assert content.startswith(b"PK")
        assert int(file.headers["Content-Length"]) == len(content)

    def test_of_members_without_a_contact_person_only_those_leave_and_the_page_says_so(
        self, tmp_path: Path
    ) -> None:
        placed()
        with_contact_person(placed())
        by, browser = OUTSIDERS["township_officer"], Browser(OUTSIDERS["township_officer"])
        register = browser.get(reverse("insight:moved_in") + "?alone=1").content.decode()
        link = re.search(r'href="([^"]*register=moved-in[^"]*)"', register)
        assert link
        form = browser.get(link[1].replace("&amp;", "&")).content.decode()
        typed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        assert typed["alone"] == "1"
        code = re.search(r'name="organisation" value="([^"]+)"', form)
        assert code
        typed |= {"register": "moved-in", "organisation": code[1], "file_format": "xlsx"}
        asked = browser.post(reverse("insight:new_export"), typed | {"once": "k2"})
        assert "只看没有联系人的" in browser.get(asked.headers["Location"]).content.decode()
        request_id = UUID(asked.headers["Location"].rstrip("/").split("/")[-1])
        assert write(request_id, by).rows == 1

    def test_the_approver_finds_it_on_the_start_page(self) -> None:
        people(51)
        request_id = ask(full=True)
        assert "审批 1 份导出" in Browser(APPROVER).get(reverse("web:work")).content.decode()
        listed = Browser(APPROVER).get(reverse("insight:approvals")).content.decode()
        assert "核对名册" in listed
        assert "51 人" in listed
        assert "在册的全部" in listed
        decided = Browser(APPROVER).post(
            reverse("insight:decide_export", args=[request_id]), {"answer": "yes", "once": "k2"}
        )
        assert decided.status_code == 303
        assert row(request_id).state == "queued"

    def test_without_a_yes_the_file_is_403(self) -> None:
        people(51)
        request_id = ask(full=True)
        answer = Browser(HOME).get(reverse("insight:export_file", args=[request_id]))
        assert answer.status_code == 403


@pytest.mark.parametrize("register", sorted(SOURCES))
def test_every_line_of_a_register_has_as_many_cells_as_there_are_heads(register: str) -> None:
    people(1)
    by, source = OFFICIALS["township_officer"], SOURCES[register]
    with scoped(by.scope):
        organisation = orgs.organisation(TOWNSHIP.id)
        lines = list(source.lines(by, organisation, RegisterFilter(), lambda member_ids: {}))
    if register != "moved-in":
        assert {len(line) for line in lines} == {len(source.columns())}
