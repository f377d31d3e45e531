"""Rows about people, branches and places that are known already, or not at all."""

from pathlib import Path

import pytest
from tests.integration.insight.conftest import MEIGU, NEXT_COUNTY, officer_of
from tests.integration.insight.importing_steps import (
    MOVED_IN,
    Bring,
    committed,
    counted,
    found,
    previewed,
    undone,
    written_csv,
)
from tests.people import invented_id, invented_phone

from guiyan.flows import queries as flows
from guiyan.flows.models import Case
from guiyan.members.models import Member
from guiyan.members.queries import find_by_id_number, members_of_batch
from guiyan.orgs import queries as orgs
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped

pytestmark = pytest.mark.django_db


def test_two_rows_with_one_number_are_one_person(
    bring: Bring, officer: Actor, tmp_path: Path
) -> None:
    number = invented_id()
    source = written_csv(
        tmp_path, "姓名,公民身份号码", f"阿牛,{number}", f"阿牛,{number[:6]} {number[6:]}"
    )
    batch = committed(officer, bring("members", source))
    assert counted(batch) == (2, 1, 0, 1, 0, 0)
    assert found(batch) == {("twice", "warning"): 1}


def test_a_roll_puts_right_what_a_known_file_says_and_undoing_restores_it(
    bring: Bring, officer: Actor, tmp_path: Path
) -> None:
    number = invented_id()
    head = "姓名,公民身份号码,从事行业,入党时间"
    first = committed(
        officer, bring("members", written_csv(tmp_path, head, f"阿牛,{number},建材,2001-02-03"))
    )
    second = bring("members", written_csv(tmp_path, head, f"阿牛,{number},餐饮,2002年3月"))
    assert counted(previewed(officer, second)) == (1, 0, 1, 0, 0, 0)
    second = committed(officer, second)
    (member,) = find_by_id_number(officer, number)
    assert (member.trade, member.joined_precision) == ("餐饮", "month")
    assert undone(officer, second).undone == {"removed": 1, "kept": 0}
    (member,) = find_by_id_number(officer, number)
    assert (member.trade, str(member.joined_on)) == ("建材", "2001-02-03")
    assert undone(officer, first).undone == {"removed": 0, "kept": 1}


def test_a_table_says_which_languages_members_speak_and_which_they_read(
    bring: Bring, officer: Actor, tmp_path: Path
) -> None:
    both, spoken, none = (invented_id(sequence=serial) for serial in (11, 13, 15))
    head = "姓名,公民身份号码,语言,识字语言"
    rows = (
        f"阿牛,{both},彝语、汉语,汉文",
        f"阿呷,{spoken},彝语,不识字",
        f"阿果,{none},彝语,甲骨文",
    )
    batch = committed(officer, bring("members", written_csv(tmp_path, head, *rows)))
    assert found(batch) == {("script", "warning"): 1}
    (member,) = find_by_id_number(officer, both)
    assert (member.languages, member.reads, member.reads_little) == (("yi", "han"), ("han",), False)
    (member,) = find_by_id_number(officer, spoken)
    assert (member.reads, member.reads_little) == ((), True)
    again = written_csv(tmp_path, head, f"阿牛,{both},彝语、汉语,彝文、汉文")
    assert counted(committed(officer, bring("members", again))) == (1, 0, 1, 0, 0, 0)
    (member,) = find_by_id_number(officer, both)
    assert member.reads == ("yi", "han")
    arrived = written_csv(
        tmp_path,
        "姓名,公民身份号码,现居住地,语言,能读",
        f"木呷,{invented_id(sequence=17)},巴普镇,彝语,彝文",
    )
    batch = committed(officer, bring("moved-in", arrived))
    with scoped(officer.scope):
        assert [one.reads for one in members_of_batch(officer, batch.id)] == [("yi",)]


def test_somebody_already_away_is_not_declared_twice(
    bring: Bring, officer: Actor, tmp_path: Path
) -> None:
    source = written_csv(
        tmp_path,
        "党组织名称,姓名,公民身份号码,外出地点",
        f"中共美姑县洪溪镇支部委员会,阿牛,{invented_id()},浙江省",
    )
    committed(officer, bring("moved-out", source))
    again = written_csv(tmp_path, "姓名,公民身份号码,现居住地", f"阿牛,{invented_id()},巴普镇")
    batch = previewed(officer, bring("moved-in", again))
    assert counted(batch) == (1, 0, 0, 1, 0, 0)
    assert found(batch) == {("already-away", "warning"): 1}


def test_a_member_known_here_who_turns_up_is_a_changed_row_and_gets_a_stay(
    bring: Bring, officer: Actor, tmp_path: Path
) -> None:
    number = invented_id()
    committed(
        officer, bring("members", written_csv(tmp_path, "姓名,公民身份号码", f"阿牛,{number}"))
    )
    out = written_csv(tmp_path, "姓名,公民身份号码,外出地点", f"阿牛,{number},贵州省贵阳市观山湖区")
    batch = committed(officer, bring("moved-out", out))
    assert counted(batch) == (1, 0, 1, 0, 0, 0)
    assert found(batch) == {("home-organisation", "warning"): 1}
    assert Case.objects.get().state == "notified"
    assert Member.objects.count() == 1


def test_a_home_in_this_deployment_has_to_confirm(
    bring: Bring, officer: Actor, tmp_path: Path
) -> None:
    source = written_csv(
        tmp_path,
        "姓名,公民身份号码,现居住地,流出地,原所在党支部",
        f"阿牛,{invented_id()},巴普镇城东社区,四川省凉山州昭觉县,中共昭觉县新城镇支部委员会",
    )
    committed(officer, bring("moved-in", source))
    case = Case.objects.get()
    assert case.state == "claimed" and case.answers == "home"
    home = officer_of(NEXT_COUNTY)
    with scoped(home.scope):
        assert [each.id for each in flows.open_answers_for(home)] == [case.id]


def test_an_unknown_branch_and_place_are_warnings_and_nobody_is_lost(
    bring: Bring, officer: Actor, tmp_path: Path
) -> None:
    source = written_csv(
        tmp_path,
        "党组织名称,姓名,公民身份号码,外出地点",
        f"从未有过的支部,阿牛,{invented_id()},子虚乌有城",
    )
    batch = committed(officer, bring("moved-out", source))
    assert found(batch) == {("home-organisation", "warning"): 1, ("place", "warning"): 1}
    case = Case.objects.get()
    assert case.home_organisation_id == orgs.organisation_by_code(MEIGU).id
    assert (case.host_text, case.host_division_code) == ("子虚乌有城", "")


def test_a_list_of_organisations_opens_them_under_the_parents_it_names(
    bring: Bring, officer: Actor, tmp_path: Path
) -> None:
    source = written_csv(
        tmp_path,
        "上级党组织名称,党组织名称,党组织类别,党组织代码,联系电话",
        f"中共美姑县巴普镇委员会,美姑县巴普镇快递联合支部,联合党支部,,{invented_phone()}",
        "从未有过的党委,某村支部,村党支部,,",
        "中共美姑县巴普镇委员会,某县委,县委,,",
        "中共美姑县巴普镇委员会,中共美姑县巴普镇支部委员会,,,",
    )
    batch = committed(officer, bring("organisations", source))
    assert counted(batch) == (4, 1, 0, 1, 2, 0)
    assert found(batch) == {
        ("parent", "error"): 1,
        ("wrong-parent", "error"): 1,
        ("known", "warning"): 1,
    }
    opened = orgs.find_organisation(text="美姑县巴普镇快递联合支部")
    assert opened is not None and opened.kind_code == "joint_branch"
    assert opened.parent_id == orgs.organisation_by_code("513436100").id
    assert undone(officer, batch).undone == {"removed": 1, "kept": 0}
    assert orgs.find_organisation(text="美姑县巴普镇快递联合支部") is None


def test_the_files_that_an_import_opened_carry_its_number(bring: Bring, officer: Actor) -> None:
    batch = committed(officer, bring("moved-in", MOVED_IN))
    with scoped(officer.scope):
        assert len(members_of_batch(officer, batch.id)) == 46
