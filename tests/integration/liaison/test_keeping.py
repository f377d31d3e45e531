"""Whoever keeps in touch opens and records wherever the branch lies: from next door, between two
hosts, and while standing in for somebody on leave."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from click.testing import CliRunner
from tests.acting import Browser
from tests.cast import BRANCH, NEXT_BRANCH, OFFICIALS, OTHER_BRANCH, TOWNSHIP
from tests.integration.field.conftest import enlist
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    HOST,
    HOST_TOWNSHIP,
    _planted,
    newcomer,
    seen_by,
    seen_by_the_database,
)

from guiyan.access.models import Account, Grant
from guiyan.field.models import Due
from guiyan.flows import commands as flows
from guiyan.flows.models import Case
from guiyan.flows.types import Placing, Stay
from guiyan.liaison import commands as liaison
from guiyan.liaison import queries as liaison_queries
from guiyan.liaison.cadence import commands as cadence
from guiyan.liaison.cadence import jobs, materialising
from guiyan.liaison.cadence import queries as cadence_queries
from guiyan.liaison.cli import pair
from guiyan.liaison.keeping import acting_on_contact
from guiyan.liaison.models import (
    Contact,
    ContactPerson,
    DraftPair,
    HelpNote,
    Leave,
    PairingDraft,
)
from guiyan.liaison.pairing import commands, leaving, moving, queries
from guiyan.liaison.pairing.jobs import forget_proposals
from guiyan.liaison.pairing.working_out import work_out
from guiyan.messaging.models import SayingTo
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused

pytestmark = pytest.mark.django_db
TOWN = OFFICIALS["township_officer"]
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 3, 2, 2, tzinfo=UTC), tick=False) as moved:
        yield moved


def placed(name, branch=BRANCH, **facts):
    member = newcomer(
        OFFICIALS["branch_secretary"] if branch is BRANCH else TOWN,
        home=NEXT_BRANCH,
        host=branch,
        name=name,
        **facts,
    )
    case = flows.claim_case(
        by=TOWN, member_id=member.id, stay=Stay(), host_organisation_id=branch.id
    )
    flows.take_step(by=HOST, case_id=case.id, act="confirm")
    return flows.place_members(by=TOWN, placings=[Placing(case.id, branch.id, "就近")])[0]


def kept(name, by, branch=BRANCH):
    case = placed(name, branch)
    liaison.assign_contact_person(by=TOWN, case_id=case.id, account_id=by.account_id)
    return case


def opens(actor, case):
    return Browser(actor).get(f"/w/contact/{case.id}").status_code


def records(actor, case):
    answer = Browser(actor).post(
        f"/w/contact/{case.id}", {"result": "yes", "once": f"{actor.name}-{case.id}"}
    )
    return answer.status_code


def recorders_of(case):
    with seen_by_the_database():
        return list(Contact.objects.filter(case_id=case.id).values_list("by_name", flat=True))


def owners_of(case):
    with seen_by_the_database():
        rows = Due.objects.filter(case_id=case.id, closing="", subject_kind="case")
        return set(rows.values_list("owner_account_id", flat=True))


def on(actor, day):
    return replace(actor, today=day)


def test_the_contact_person_before_opens_and_records_until_the_new_side_names_its_own():
    before = enlist("liaison", BRANCH, "阿支").actor
    after = enlist("liaison", NEXT_BRANCH, "阿依").actor
    stranger = enlist("liaison", OTHER_BRANCH, "路人").actor
    case = kept("甲", before)
    onward = flows.move_on(
        by=TOWN, case_id=case.id, stay=Stay(), next_host_organisation_id=NEXT_BRANCH.id
    )
    moving.carry_along(case_id=str(case.id), next_case_id=str(onward.id))
    jobs.follow_case(case_id=str(case.id))
    flows.take_step(by=HOST, case_id=onward.id, act="take_in")
    flows.place_members(by=HOST_TOWNSHIP, placings=[Placing(onward.id, NEXT_BRANCH.id, "就近")])
    moving.mark_interim(case_id=str(onward.id))
    jobs.follow_case(case_id=str(onward.id))
    assert (opens(before, onward), opens(stranger, onward)) == (200, 404)
    with seen_by(before):
        assert "甲" in {row.case.member_name for row in cadence_queries.today_list(before).rows}
        assert [one.id for one in liaison_queries.my_members(before)[0]] == [onward.id]
        with pytest.raises(NotFound):  # the screen of a contact, and no more
            liaison_queries.contacts_of(before, onward.id)
    assert records(before, onward) == 303
    assert recorders_of(onward) == ["阿支"]
    liaison.assign_contact_person(by=HOST, case_id=onward.id, account_id=after.account_id)
    assert (opens(before, onward), opens(after, onward)) == (404, 200)


def test_a_contact_person_of_the_branch_next_door_has_the_member_on_the_list():
    neighbour = enlist("liaison", OTHER_BRANCH, "拉铁").actor
    case = placed("甲", BRANCH)
    draft_id = commands.propose_pairs(by=TOWN, organisation_id=TOWNSHIP.id)
    commands.commit_pairs(by=TOWN, draft_id=draft_id)
    jobs.follow_case(case_id=str(case.id))
    with seen_by(neighbour):
        rows = cadence_queries.today_list(neighbour).rows
    assert [(row.case.member_name, row.is_in_scope) for row in rows] == [("甲", False)]
    assert records(neighbour, case) == 303
    assert recorders_of(case) == ["拉铁"]


def test_a_contact_person_of_another_branch_writes_to_the_member_and_to_nobody_else_there():
    neighbour = enlist("liaison", OTHER_BRANCH, "拉铁").actor
    case = placed("甲", BRANCH)
    draft_id = commands.propose_pairs(by=TOWN, organisation_id=TOWNSHIP.id)
    commands.commit_pairs(by=TOWN, draft_id=draft_id)
    stranger = enlist("liaison", OTHER_BRANCH, "路人").actor
    beside = placed("乙", BRANCH)

    def to_one(actor, case):
        return f"/w/messages/new/to/{case.member_id}?purpose=meeting_reminder"

    browser = Browser(neighbour)
    assert (
        to_one(neighbour, case).split("?")[0]
        in browser.get(f"/w/contact/{case.id}").content.decode()
    )
    shown = browser.get(to_one(neighbour, case))
    assert (shown.status_code, "会这样发" in shown.content.decode()) == (200, True)
    sent = browser.post(to_one(neighbour, case), {"confirm": "1", "once": "message-to-one"})
    assert sent.status_code == 303
    with seen_by_the_database():
        told = list(SayingTo.objects.values_list("member_id", flat=True))
    assert told == [case.member_id]
    assert browser.get(to_one(neighbour, beside)).status_code == 404
    assert Browser(stranger).get(to_one(stranger, case)).status_code == 404


def test_what_is_open_goes_along_to_the_next_stay_with_its_days_and_notes():
    before = enlist("liaison", BRANCH, "阿支").actor
    case = kept("甲", before)
    materialising.tonight(MONDAY, Actor.system("test"))
    cadence.help_to_reach(by=TOWN, case_id=case.id, how="note", note="母亲在县医院")
    with seen_by_the_database():
        owed = {
            (due.kind, due.period, due.due_on)
            for due in Due.objects.filter(subject_id=case.id, kind__in=("contact", "visit"))
        }
    assert owed
    onward = flows.move_on(
        by=TOWN, case_id=case.id, stay=Stay(), next_host_organisation_id=NEXT_BRANCH.id
    )
    for _ in range(2):  # a job may run twice
        moving.carry_along(case_id=str(case.id), next_case_id=str(onward.id))
        jobs.follow_case(case_id=str(case.id))
    with seen_by_the_database():
        there = Due.objects.filter(subject_id=onward.id, closing="")
        assert owed <= {(due.kind, due.period, due.due_on) for due in there}
        assert {due.path for due in there} == {NEXT_BRANCH.path}
        assert not Due.objects.filter(subject_id=case.id, closing="").exists()
    assert owners_of(onward) == {before.account_id}
    flows.take_step(by=HOST, case_id=onward.id, act="take_in")
    flows.place_members(by=HOST_TOWNSHIP, placings=[Placing(onward.id, NEXT_BRANCH.id, "就近")])
    jobs.follow_case(case_id=str(onward.id))
    with seen_by_the_database():  # the month is owed once, the week of arrival anew
        kinds = list(Due.objects.filter(subject_id=onward.id, closing="").values_list("kind"))
    assert kinds.count(("contact",)) == 1
    assert ("first_week",) in kinds
    with seen_by(HOST_TOWNSHIP):
        notes = cadence_queries.notes_of(HOST_TOWNSHIP, onward.id)
    assert [text for text, _by, _at in notes] == ["母亲在县医院"]


def test_a_worker_that_comes_late_still_brings_the_history_and_nobody_takes_it_back():
    before = enlist("liaison", BRANCH, "阿支").actor
    case = kept("甲", before)
    liaison.record_contact(by=before, case_id=case.id, how="call", was_reached=True, note="平安")
    cadence.help_to_reach(by=TOWN, case_id=case.id, how="note", note="母亲在县医院")
    onward = flows.move_on(
        by=TOWN, case_id=case.id, stay=Stay(), next_host_organisation_id=NEXT_BRANCH.id
    )
    # Before the worker comes, the new side has called and written a word.
    liaison.record_contact(by=HOST, case_id=onward.id, how="call", was_reached=True)
    cadence.help_to_reach(by=HOST, case_id=onward.id, how="note", note="周日在家")
    for _ in range(2):
        moving.carry_along(case_id=str(case.id), next_case_id=str(onward.id))
    with seen_by_the_database():
        contacts = Contact.objects.filter(case_id=onward.id).order_by("note")
        assert [row.note for row in contacts] == ["", "平安"]
        copy = contacts[1]
        notes = HelpNote.objects.filter(case_id=onward.id).values_list("note", flat=True)
        assert sorted(notes) == ["周日在家", "母亲在县医院"]
    with pytest.raises((NotFound, Refused)), acting_on_contact(before, copy.id) as acting:
        liaison.undo_contact(by=acting, contact_id=copy.id)


def test_taking_over_frees_who_answered_from_the_place_before():
    before = enlist("liaison", BRANCH, "阿支").actor
    secretary = enlist("branch_secretary", NEXT_BRANCH, "新书记").actor
    case = kept("甲", before)
    onward = flows.move_on(
        by=TOWN, case_id=case.id, stay=Stay(), next_host_organisation_id=NEXT_BRANCH.id
    )
    moving.carry_along(case_id=str(case.id), next_case_id=str(onward.id))
    flows.take_step(by=HOST, case_id=onward.id, act="take_in")
    flows.place_members(by=HOST_TOWNSHIP, placings=[Placing(onward.id, NEXT_BRANCH.id, "就近")])
    cadence.help_to_reach(by=secretary, case_id=onward.id, how="take_over")
    with seen_by_the_database():
        present = ContactPerson.objects.filter(valid_to__isnull=True)
        assert [(row.case_id, row.name) for row in present] == [(onward.id, "新书记")]


def test_on_leave_contact_and_dues_go_to_who_stands_in_and_come_back(clock):
    away = enlist("liaison", BRANCH, "阿支").actor
    there = enlist("liaison", OTHER_BRANCH, "拉铁").actor
    case = kept("甲", away)
    materialising.tonight(MONDAY, Actor.system("test"))
    assert owners_of(case) == {away.account_id}
    leaving.plan_leave(
        by=TOWN,
        account_id=away.account_id,
        organisation_id=BRANCH.id,
        starts_on=MONDAY,
        ends_on=MONDAY + timedelta(days=9),
        stand_in_account_id=there.account_id,
        note="周末打电话",
    )
    assert owners_of(case) == {there.account_id}
    assert "周末打电话" in Browser(there).get(f"/w/contact/{case.id}").content.decode()
    assert records(there, case) == 303
    # Nobody new is proposed; who is there stays, also when the whole is run again.
    placed("乙", BRANCH)
    draft_id = commands.propose_pairs(by=TOWN, organisation_id=TOWNSHIP.id)
    with seen_by(TOWN):
        found = {line.member_name: line for line in queries.lines_of(TOWN, draft_id)}
    assert (found["乙"].name, found["甲"].name, found["甲"].moves) == ("拉铁", "阿支", False)
    assert found["甲"].why == "休假到2026-03-11，由拉铁代为联系，不换人"
    clock.move_to(datetime(2026, 3, 12, 2, tzinfo=UTC))
    leaving.follow_leaves()
    leaving.follow_leaves()  # twice changes nothing
    assert owners_of(case) == {away.account_id}
    assert opens(on(there, date(2026, 3, 12)), case) == 404


def test_a_leave_gives_nobody_the_members_of_another_part_of_the_tree(clock):
    """Whoever plans it opens their own members to whom they choose, and nobody else's."""
    away = enlist("liaison", BRANCH, "阿支").actor
    there = enlist("liaison", BRANCH, "拉铁").actor
    case, elsewhere = kept("甲", away), kept("乙", away)
    with seen_by_the_database():
        Case.objects.filter(id=elsewhere.id).update(host_path=NEXT_BRANCH.path)
    leaving.plan_leave(
        by=TOWN,
        account_id=away.account_id,
        organisation_id=BRANCH.id,
        starts_on=MONDAY,
        ends_on=MONDAY + timedelta(days=9),
        stand_in_account_id=there.account_id,
    )
    with seen_by_the_database():
        rows = ContactPerson.objects.filter(valid_to__isnull=True)
        stand_ins = dict(rows.values_list("case_id", "stand_in_account_id"))
    assert stand_ins == {case.id: there.account_id, elsewhere.id: None}


def test_a_leave_to_come_begins_in_its_night_and_can_be_called_off(clock):
    away = enlist("liaison", BRANCH, "阿支").actor
    there = enlist("liaison", BRANCH, "拉铁").actor
    case = kept("甲", away)
    leave = {
        "by": TOWN, "account_id": away.account_id, "organisation_id": BRANCH.id,
        "starts_on": MONDAY + timedelta(days=1), "ends_on": MONDAY + timedelta(days=3),
        "stand_in_account_id": there.account_id,
    }  # fmt: skip
    leave_id = leaving.plan_leave(**leave)
    with pytest.raises(Refused) as refused:
        leaving.plan_leave(**leave)
    assert refused.value.code == "overlaps"
    with pytest.raises(Refused) as refused:
        leaving.plan_leave(
            **leave | {"account_id": there.account_id, "stand_in_account_id": away.account_id}
        )
    assert refused.value.code == "stand-in-away"
    clock.move_to(datetime(2026, 3, 3, 2, tzinfo=UTC))
    leaving.follow_leaves()
    with seen_by(TOWN):
        assert liaison_queries.contact_person_of(TOWN, case.id).stand_in_name == "拉铁"
    leaving.end_leave(by=on(TOWN, date(2026, 3, 3)), leave_id=leave_id)
    with seen_by(TOWN):
        assert liaison_queries.contact_person_of(TOWN, case.id).stand_in_name == ""
    with seen_by_the_database():
        assert Leave.objects.get().state == "over"


def working_draft():
    with seen_by_the_database():
        return PairingDraft.objects.create(
            organisation_id=TOWNSHIP.id, path=TOWNSHIP.path, made_by_name="王", state="working"
        ).id


def test_a_large_proposal_is_worked_out_by_a_job_and_shown_when_it_is_there():
    enlist("liaison", BRANCH, "阿支")
    placed("甲")
    draft_id = working_draft()
    page = Browser(TOWN).get(f"/w/pairing/{draft_id}")
    assert page.headers["Refresh"] == "3"
    assert "正在算" in page.content.decode()
    with pytest.raises(Refused) as refused:
        commands.commit_pairs(by=TOWN, draft_id=draft_id)
    assert refused.value.code == "working"
    work_out(draft_id=str(draft_id))
    work_out(draft_id=str(draft_id))
    page = Browser(TOWN).get(f"/w/pairing/{draft_id}")
    assert "Refresh" not in page.headers
    assert "同一支部" in page.content.decode()
    assert commands.commit_pairs(by=TOWN, draft_id=draft_id) == 1


def test_a_large_proposal_that_can_not_be_made_says_why_and_one_that_was_dropped_stays_dropped():
    placed("甲")
    draft_id = working_draft()
    work_out(draft_id=str(draft_id))
    page = Browser(TOWN).get(f"/w/pairing/{draft_id}").content.decode()
    assert "没有算出来，什么都没有改" in page
    assert "这里没有能联系党员的人" in page
    dropped = working_draft()
    commands.drop_pairs(by=TOWN, draft_id=dropped)
    enlist("liaison", BRANCH, "阿支")
    work_out(draft_id=str(dropped))
    with seen_by_the_database():
        assert PairingDraft.objects.get(id=dropped).state == "dropped"
        assert not DraftPair.objects.exists()


def test_old_proposals_go_with_their_lines_and_the_history_stays(clock):
    enlist("liaison", BRANCH, "阿支")
    placed("甲")
    commands.commit_pairs(
        by=TOWN, draft_id=commands.propose_pairs(by=TOWN, organisation_id=TOWNSHIP.id)
    )
    clock.move_to(datetime(2026, 4, 2, 2, tzinfo=UTC))
    forget_proposals()
    with seen_by_the_database():
        assert not PairingDraft.objects.exists()
        assert not DraftPair.objects.exists()
        assert ContactPerson.objects.filter(name="阿支", valid_to__isnull=True).exists()


def typed(*words):
    return CliRunner().invoke(pair, words, catch_exceptions=False)


def test_from_the_command_line_an_account_proposes_looks_and_commits():
    enlist("liaison", BRANCH, "阿支")
    placed("甲")
    officer = Account.objects.create(login="officer", name="王镇长", password="-")
    Grant.objects.create(
        account=officer, role="township_officer", organisation_id=TOWNSHIP.id, path=TOWNSHIP.path,
        valid_from=date(2020, 1, 1), granted_by="test",
    )  # fmt: skip
    who = ("--by", "officer", "--organisation", TOWNSHIP.code)
    made = typed("propose", *who, "--json")
    assert made.exit_code == 0
    with seen_by_the_database():
        draft = PairingDraft.objects.get()
        assert draft.made_by_name == "王镇长"
    assert "甲\t阿支\t同一支部" in typed("show", *who, str(draft.id)).output.replace(
        "都会汉语，", ""
    )
    assert typed("commit", *who, str(draft.id)).exit_code == 0
    with seen_by_the_database():
        assert ContactPerson.objects.get().name == "阿支"
    again = typed("commit", *who, str(draft.id))
    assert (again.exit_code, "已经提交或作废" in again.output) == (2, True)
    stranger = typed("propose", "--by", "nobody", "--organisation", TOWNSHIP.code)
    assert stranger.exit_code == 2
    Grant.objects.create(
        account=officer, role="liaison", organisation_id=BRANCH.id, path=BRANCH.path,
        valid_from=date(2020, 1, 1), granted_by="test",
    )  # fmt: skip
    for word in ("show", "commit"):  # a post that pairs nobody looks at no proposal either
        other = typed(word, "--by", "officer", "--organisation", BRANCH.code, str(draft.id))
        assert (other.exit_code, "不能安排联系人" in other.output) == (2, True)
