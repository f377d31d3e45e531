"""Every placed member gets a contact person: proposed, corrected, committed, handed over, moved."""

import json
from datetime import date

import pytest
from django.db import connection
from tests.acting import Browser
from tests.cast import BRANCH, NEXT_BRANCH, OFFICIALS, OTHER_BRANCH, OUTSIDERS, TOWNSHIP
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    _planted,
    newcomer,
    seen_by,
    seen_by_the_database,
)

from guiyan.access.models import Account, Grant
from guiyan.flows import commands as flows
from guiyan.flows.types import Placing, Stay
from guiyan.liaison import queries as liaison
from guiyan.liaison.models import Contact, ContactPerson, PairingDraft
from guiyan.liaison.pairing import commands, moving, queries
from guiyan.platform.errors import Forbidden, NotFound, Refused

TOWN = OFFICIALS["township_officer"]
NEXT_TOWN = OUTSIDERS["township_officer"]
NEXT_SECRETARY = OUTSIDERS["branch_secretary"]


def someone(name, place=BRANCH, role="liaison", *, languages=(), limit=None):
    """A person of staff with what they bring; returns the account's id."""
    account = Account.objects.create(login=f"{name}-{place.code}", name=name, password="-")
    Grant.objects.create(
        account=account,
        role=role,
        organisation_id=place.id,
        path=place.path,
        valid_from=date(2020, 1, 1),
        granted_by="test",
    )
    if languages or limit is not None:
        officer = TOWN if place.path.startswith(TOWNSHIP.path) else NEXT_TOWN
        commands.set_availability(
            by=officer,
            account_id=account.id,
            organisation_id=place.id,
            languages=list(languages),
            trade="",
            limit=limit,
            takes_members=True,
        )
    return account.id


def placed(name, branch=BRANCH, *, languages=("han",), **more):
    """Somebody from the next county who has been placed in one of the township's branches."""
    member = newcomer(
        OFFICIALS["branch_secretary"] if branch is BRANCH else TOWN,
        home=NEXT_BRANCH,
        host=branch,
        name=name,
        languages=languages,
        **more,
    )
    case = flows.claim_case(
        by=TOWN, member_id=member.id, stay=Stay(), host_organisation_id=branch.id
    )
    flows.take_step(by=OUTSIDERS["branch_secretary"], case_id=case.id, act="confirm")
    return flows.place_members(by=TOWN, placings=[Placing(case.id, branch.id, "就近")])[0]


def proposed(**wish):
    return commands.propose_pairs(by=TOWN, organisation_id=TOWNSHIP.id, **wish)


def lines(draft_id):
    with seen_by(TOWN):
        return {line.member_name: line for line in queries.lines_of(TOWN, draft_id)}


def present_of(case):
    with seen_by_the_database():
        row = ContactPerson.objects.filter(case_id=case.id, valid_to=None).first()
        return row.name if row else None


def committed():
    draft_id = proposed()
    commands.commit_pairs(by=TOWN, draft_id=draft_id)
    return draft_id


def test_a_proposal_is_explained_and_changes_nothing_before_it_is_committed():
    someone("阿支", languages=["yi", "han"])
    someone("小王", languages=["han"])
    case = placed("木呷", languages=("yi",))
    with seen_by(TOWN):
        assert queries.count_without(TOWN) == 1
    draft_id = proposed()
    line = lines(draft_id)["木呷"]
    assert line.name == "阿支"
    assert line.why == "都会彝语，同一支部，共联系1人（上限10人）"
    assert line.is_new
    assert [other.name for other in line.others] == []  # 小王 speaks no Yi
    assert present_of(case) is None
    assert commands.commit_pairs(by=TOWN, draft_id=draft_id) == 1
    assert present_of(case) == "阿支"
    with seen_by(TOWN):
        assert queries.count_without(TOWN) == 0
        assert queries.get_draft_for(TOWN, draft_id).state == "committed"


def test_of_two_with_one_name_a_proposal_shows_which_by_their_trades():
    someone("阿支", languages=["han"])
    for trade in ("餐饮", "货运司机"):
        placed("木呷", trade=trade)
    draft_id = proposed()
    for url in (f"/w/pairing/{draft_id}", f"/w/pairing/{draft_id}/people"):
        page = Browser(TOWN).get(url).content.decode()
        assert "餐饮" in page
        assert "货运司机" in page


def test_limits_hold_and_who_is_left_over_hears_why():
    someone("阿支", limit=1)
    for name in ("甲", "乙"):
        placed(name)
    found = lines(proposed())
    assert sorted(line.name for line in found.values()) == ["", "阿支"]
    over = next(line for line in found.values() if line.is_left_over)
    assert over.why == "联系人一共能联系1人，要联系的有2人；请增加联系人或调高上限"


def test_the_nearer_branchs_person_is_chosen_and_the_next_best_named():
    someone("阿支", BRANCH)
    someone("拉铁", OTHER_BRANCH)
    placed("甲", BRANCH)
    placed("乙", OTHER_BRANCH)
    found = lines(proposed())
    assert (found["甲"].name, found["乙"].name) == ("阿支", "拉铁")
    assert [other.name for other in found["甲"].others] == ["拉铁"]
    assert "相距" in found["甲"].others[0].why


def test_running_it_again_moves_nobody_and_a_pinned_pair_stays():
    first, second = someone("阿支", BRANCH), someone("拉铁", OTHER_BRANCH)
    placed("甲", BRANCH)
    draft_id = proposed()
    line = lines(draft_id)["甲"]
    commands.correct_pairs(by=TOWN, draft_id=draft_id, chosen={line.id: second}, pinned={line.id})
    assert lines(draft_id)["甲"].why.startswith("人工指定")
    commands.commit_pairs(by=TOWN, draft_id=draft_id)
    placed("乙", BRANCH)
    again = lines(proposed())
    assert (again["甲"].name, again["甲"].moves, again["甲"].is_pinned) == ("拉铁", False, True)
    assert (again["乙"].account_id, again["乙"].is_new) == (first, True)


def test_without_a_pin_the_present_contact_person_stays_too():
    someone("拉铁", OTHER_BRANCH)
    case = placed("甲", BRANCH)
    committed()
    someone("阿支", BRANCH)
    line = lines(proposed())["甲"]
    assert (line.name, line.moves) == ("拉铁", False)
    assert "一直由这位联系" in line.why
    assert present_of(case) == "拉铁"


def test_who_leaves_hands_over_with_a_note_and_nobody_else_moves():
    leaving = someone("阿支", BRANCH)
    mine, other = placed("甲", BRANCH), placed("乙", OTHER_BRANCH)
    committed()
    someone("拉铁", OTHER_BRANCH)
    draft_id = proposed(leaving_account_id=leaving, hand_over_note="母亲在县医院")
    found = lines(draft_id)
    assert {line.name for line in found.values()} == {"拉铁"}
    assert all(line.moves for line in found.values())
    commands.commit_pairs(by=TOWN, draft_id=draft_id)
    assert (present_of(mine), present_of(other)) == ("拉铁", "拉铁")
    with seen_by(TOWN):
        history = queries.keepings_of(TOWN, mine.id)
    assert [(one.name, one.hand_over_note) for one in history] == [
        ("拉铁", ""), ("阿支", "母亲在县医院"),
    ]  # fmt: skip


def test_what_changed_after_the_preview_stops_the_commit():
    someone("阿支")
    case = placed("甲")
    draft_id, second = proposed(), proposed()
    commands.commit_pairs(by=TOWN, draft_id=second)
    with pytest.raises(Refused) as refused:
        commands.commit_pairs(by=TOWN, draft_id=draft_id)
    assert refused.value.code == "changed-meanwhile"
    with pytest.raises(Refused) as refused:
        commands.commit_pairs(by=TOWN, draft_id=second)
    assert refused.value.code == "decided"
    assert present_of(case) == "阿支"


def test_who_has_left_since_the_preview_is_named_for_nobody():
    someone("阿支")
    case = placed("甲")
    draft_id = proposed()
    with seen_by_the_database():
        Grant.objects.filter(account__name="阿支").update(valid_to=date(2020, 2, 1))
    with pytest.raises(Refused) as refused:
        commands.commit_pairs(by=TOWN, draft_id=draft_id)
    assert refused.value.code == "carer-gone"
    assert present_of(case) is None


def test_without_members_or_without_anybody_there_is_a_reason():
    with pytest.raises(Refused) as refused:
        proposed()
    assert refused.value.code == "nobody-placed"
    placed("甲")
    with pytest.raises(Refused) as refused:
        proposed()
    assert refused.value.code == "nobody-there"


def test_a_proposal_of_the_next_county_is_not_there_and_a_liaison_makes_none():
    someone("阿支")
    placed("甲")
    draft_id = proposed()
    with pytest.raises(NotFound):
        commands.commit_pairs(by=NEXT_TOWN, draft_id=draft_id)
    with seen_by(NEXT_TOWN):
        assert not PairingDraft.objects.exists()
    with pytest.raises(Forbidden):
        commands.propose_pairs(by=OFFICIALS["liaison"], organisation_id=BRANCH.id)


def do_waiting(name, job):
    """What was enqueued under this name, done once, as the worker would."""
    with connection.cursor() as cursor:
        cursor.execute("select args from procrastinate_jobs where task_name = %s", [name])
        for (arguments,) in cursor.fetchall():
            job(**(json.loads(arguments) if isinstance(arguments, str) else arguments))


def test_a_member_who_moves_on_takes_history_and_contact_person_along_until_the_next_is_named():
    someone("阿支")
    case = placed("甲")
    committed()
    with seen_by_the_database():
        Contact.objects.create(
            case_id=case.id, at="2026-02-01T08:00Z", how="visit", was_reached=True,
            by_name="阿支", note="到店看望",
        )  # fmt: skip
    onward = flows.move_on(
        by=TOWN, case_id=case.id, stay=Stay(), next_host_organisation_id=NEXT_BRANCH.id
    )
    do_waiting("liaison.carry_along", moving.carry_along)
    do_waiting("liaison.carry_along", moving.carry_along)  # a job may run twice
    assert present_of(onward) == "阿支"
    flows.take_step(by=NEXT_SECRETARY, case_id=onward.id, act="take_in")
    flows.place_members(by=NEXT_TOWN, placings=[Placing(onward.id, NEXT_BRANCH.id, "就近")])
    do_waiting("liaison.mark_interim", moving.mark_interim)
    with seen_by(NEXT_TOWN):
        assert queries.count_without(NEXT_TOWN) == 1
        assert [one.note for one in liaison.contacts_of(NEXT_TOWN, onward.id)] == ["到店看望"]
        assert queries.keepings_of(NEXT_TOWN, onward.id)[0].is_interim
    someone("阿依", NEXT_BRANCH)
    draft_id = commands.propose_pairs(by=NEXT_TOWN, organisation_id=NEXT_TOWN.organisation_id)
    commands.commit_pairs(by=NEXT_TOWN, draft_id=draft_id)
    assert (present_of(onward), present_of(case)) == ("阿依", None)
    with seen_by(NEXT_TOWN):
        assert queries.count_without(NEXT_TOWN) == 0
        assert [one.name for one in queries.keepings_of(NEXT_TOWN, onward.id)] == ["阿依", "阿支"]
