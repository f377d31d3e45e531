"""A proposal takes effect: by a job where it names many, whole or not at all, and what changed since
it was looked at is shown instead."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from tests.acting import Browser
from tests.cast import BRANCH, OTHER_BRANCH
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    _planted,
    seen_by,
    seen_by_the_database,
)
from tests.integration.liaison.test_pairing import (
    TOWN,
    lines,
    placed,
    present_of,
    proposed,
    someone,
)

from guiyan.flows.models import Case
from guiyan.flows.types import CaseFacts
from guiyan.liaison import commands as liaison
from guiyan.liaison.models import ContactPerson, PairingDraft
from guiyan.liaison.pairing import commands, committing, queries, rules, working_out
from guiyan.members.models import Member
from guiyan.platform.bulk import insert_rows
from guiyan.platform.errors import Refused

pytestmark = pytest.mark.django_db


def more_like(case: CaseFacts, many: int) -> None:
    """So many more members placed beside this one, each with a file and a stay of their own."""
    with seen_by_the_database():
        member, stay = Member.objects.get(id=case.member_id), Case.objects.get(id=case.id)
        files = [copy(member) for _ in range(many)]
        for file in files:
            file.id = uuid4()
        stays = [copy(stay) for _ in files]
        for one, file in zip(stays, files, strict=True):
            one.id, one.member_id, one.pinyin = uuid4(), file.id, f"{file.id}"
        insert_rows(files)
        insert_rows(stays)


def jobs_waiting(name: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("select args from procrastinate_jobs where task_name = %s", [name])
        found = [args for (args,) in cursor.fetchall()]
    return [json.loads(args) if isinstance(args, str) else args for args in found]


def kept_now() -> int:
    with seen_by_the_database():
        return ContactPerson.objects.filter(valid_to__isnull=True).count()


def state_of(draft_id: UUID) -> str:
    with seen_by(TOWN):
        return queries.get_draft_for(TOWN, draft_id).state


def audited(action: str, kind: str) -> int:
    with seen_by_the_database(), connection.cursor() as cursor:
        cursor.execute(
            "select count(*), count(distinct member_id), min(actor_name) from platform_auditrow"
            " where action = %s and subject_kind = %s",
            [action, kind],
        )
        rows, members, actor = cursor.fetchone()
    assert (members, actor) == ((rows, TOWN.name) if kind == "case" else (members, actor))
    return int(rows)


def test_many_are_proposed_and_committed_by_jobs_and_the_page_says_so_until_it_is_done() -> None:
    someone("阿支", limit=600)
    more_like(placed("甲"), rules.COMMITTED_AT_ONCE)
    many = rules.COMMITTED_AT_ONCE + 1
    browser = Browser(TOWN)
    answer = browser.post("/w/pairing", {"once": "propose"})
    (asked,) = jobs_waiting("liaison.work_out")
    draft_id, url = UUID(asked["draft_id"]), answer.headers["Location"]
    assert (url, state_of(draft_id)) == (f"/w/pairing/{draft_id}", "working")
    working_out.work_out(**asked)
    assert "按这份安排提交" in browser.get(url).content.decode()

    browser.post(url, {"act": "commit", "once": "commit"})
    page = browser.get(url)
    assert page.headers["Refresh"] == "3"
    assert f"共 {many} 人，要办一会儿" in page.content.decode()
    assert (state_of(draft_id), kept_now()) == ("committing", 0)
    with pytest.raises(Refused) as refused:
        commands.drop_pairs(by=TOWN, draft_id=draft_id)
    assert refused.value.code == "committing"

    browser.post(url, {"act": "commit", "once": "again"})  # who waited long gives it in again
    first, second = jobs_waiting("liaison.commit_later")
    committing.commit_later(**first)
    committing.commit_later(**second)
    page = browser.get(url)
    assert "Refresh" not in page.headers
    assert "已提交，从当天起生效" in page.content.decode()
    assert (kept_now(), audited("liaison.commit_many", "case")) == (many, many)


@contextmanager
def breaking_before(statement: int) -> Iterator[list[int]]:
    """That statement is not reached, as when the worker is killed there."""
    done = [0]

    def execute(run: Any, *statement_and_more: Any) -> Any:
        if "SAVEPOINT" not in statement_and_more[0]:  # of a transaction within the test's own
            done[0] += 1
            if done[0] == statement:
                raise ConnectionError("killed")
        return run(*statement_and_more)

    with connection.execute_wrapper(execute):
        yield done


def test_a_commit_that_breaks_anywhere_leaves_nothing_and_is_whole_the_next_time() -> None:
    someone("阿支")
    someone("拉铁", OTHER_BRANCH)
    moving = placed("甲")
    commands.commit_pairs(by=TOWN, draft_id=proposed())
    for name in "乙丙":
        placed(name)
    draft_id = proposed()
    line = lines(draft_id)["甲"]
    other = next(one.account_id for one in line.others)
    commands.correct_pairs(by=TOWN, draft_id=draft_id, chosen={line.id: other}, pinned=set())
    with seen_by_the_database():
        PairingDraft.objects.filter(id=draft_id).update(state="committing", acting=TOWN.kept())
    for statement in range(1, 1_000):
        with breaking_before(statement) as done, suppress(ConnectionError), transaction.atomic():
            committing.commit_later(draft_id=str(draft_id))
        if done[0] < statement:
            break
        assert (state_of(draft_id), kept_now(), present_of(moving)) == ("committing", 1, "阿支")
    assert statement > 20
    assert (state_of(draft_id), kept_now(), present_of(moving)) == ("committed", 3, "拉铁")


def test_what_changed_since_the_preview_stands_first_and_all_else_stays_and_is_committed() -> None:
    first = someone("阿支")
    someone("拉铁", OTHER_BRANCH)
    changed, same = placed("甲"), placed("乙")
    draft_id = proposed()
    line = lines(draft_id)["乙"]
    other = next(one.account_id for one in line.others)
    commands.correct_pairs(by=TOWN, draft_id=draft_id, chosen={line.id: other}, pinned={line.id})
    liaison.assign_contact_person(by=TOWN, case_id=changed.id, account_id=first)
    browser, url = Browser(TOWN), f"/w/pairing/{draft_id}"
    pressed = {"act": "commit", f"pin-{line.id}": "1", "once": "first"}
    assert browser.post(url, pressed).headers["Location"] == url
    page = browser.get(url).content.decode()
    assert "有变化，请再看一遍" in page
    assert page.index("预览之后换了联系人或换了支部，这次不改") < page.index("人工指定")
    assert "没有安排上</span>" not in page  # who has somebody keeps them, and nobody goes
    assert "阿支 →" not in page
    assert present_of(same) is None
    browser.post(url, pressed | {"once": "second"})
    assert "已提交，从当天起生效" in browser.get(url).content.decode()
    assert (present_of(changed), present_of(same)) == ("阿支", "拉铁")


def test_a_job_finds_what_changed_too_and_who_is_not_there_any_more_is_named_for_nobody() -> None:
    someone("阿支")
    someone("拉铁", OTHER_BRANCH)
    near, far = placed("甲"), placed("乙", OTHER_BRANCH)
    draft_id = proposed()
    with seen_by_the_database():
        PairingDraft.objects.filter(id=draft_id).update(state="committing", acting=TOWN.kept())
        connection.cursor().execute(
            "update access_grant set valid_to = '2020-02-01' where account_id ="
            " (select id from access_account where name = '拉铁')"
        )
    committing.commit_later(draft_id=str(draft_id))
    found = lines(draft_id)
    assert (state_of(draft_id), kept_now()) == ("open", 0)
    assert (found["乙"].account_id, found["乙"].why) == (
        None,
        "原来提议的联系人已不在岗，请另选一位",
    )
    assert found["甲"].name == "阿支"
    assert commands.commit_pairs(by=TOWN, draft_id=draft_id) == 1
    assert (present_of(near), present_of(far)) == ("阿支", None)


def test_more_than_the_limit_by_hand_is_named_at_that_moment_and_goes_on_only_knowingly() -> None:
    someone("阿支")
    someone("拉铁", OTHER_BRANCH, limit=1)
    kept = placed("甲", OTHER_BRANCH)
    commands.commit_pairs(by=TOWN, draft_id=proposed())  # 拉铁 has their one member
    placed("乙")
    placed("丙")
    draft_id = proposed()
    line = next(one for one in lines(draft_id).values() if one.member_name == "乙")
    browser, url = Browser(TOWN), f"/w/pairing/{draft_id}"
    assert "超过了上限" not in browser.get(url).content.decode()
    chosen = {f"other-{line.id}": "拉铁"}
    browser.post(url, chosen | {"act": "commit", "once": "unknowing"})
    page = browser.get(url).content.decode()
    assert "有联系人超过了上限" in page
    assert "拉铁：照这份安排联系 2 人，上限 1 人" in page
    assert (state_of(draft_id), kept_now()) == ("open", 1)
    (known,) = re.findall('name="over" value="([^"]+)"', page)
    browser.post(url, {"act": "commit", "over": known, "once": "knowing"})
    assert (state_of(draft_id), kept_now(), present_of(kept)) == ("committed", 3, "拉铁")


def test_lines_are_taken_effect_only_in_the_part_of_the_tree_of_whoever_committed() -> None:
    someone("阿支")
    placed("甲", BRANCH)
    draft_id = proposed()
    with seen_by_the_database():
        elsewhere = TOWN.kept() | {"path": "zzzz"}
        PairingDraft.objects.filter(id=draft_id).update(state="committing", acting=elsewhere)
    committing.commit_later(draft_id=str(draft_id))
    assert (state_of(draft_id), kept_now()) == ("committing", 0)
