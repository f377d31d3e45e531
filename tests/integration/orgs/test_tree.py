"""Opening, renaming, moving, merging and closing on a real tree under row-level security."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests import cast
from tests.cast import BRANCH, CENTRE, MEIGU, NEXT_BRANCH, NEXT_COUNTY, OTHER_BRANCH, TOWNSHIP

from guiyan.access.models import Account, Grant
from guiyan.flows.models import Case, Lead
from guiyan.members.models import Member
from guiyan.orgs import attachments, commands, queries, tree_sql
from guiyan.orgs.models import Organisation
from guiyan.orgs.types import NewOrganisation, OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Conflict, Forbidden, NotFound, Refused
from guiyan.platform.models import AuditRow
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db
Tree = dict[str, OrganisationFacts]

OFFICER = cast.with_permissions(
    cast.OFFICIALS["county_officer"], Permission.CHANGE_ORGANISATIONS, Permission.CHANGE_DIRECTORY
)
CITY_OFFICER = cast.with_permissions(
    cast.OFFICIALS["city_officer"], Permission.CHANGE_ORGANISATIONS, Permission.CHANGE_DIRECTORY
)
READER = cast.with_permissions(cast.OFFICIALS["county_officer"], Permission.SEE_ORGANISATIONS)


def open_branch(by: Actor, parent: OrganisationFacts, name: str = "城北社区党支部", code: str = "T9"
                ) -> OrganisationFacts:  # fmt: skip
    return commands.open_organisation(
        by=by,
        parent_id=parent.id,
        kind="community_branch",
        name=name,
        code=code,
        division_code="513436100003",
        reason="新建社区",
    )


def test_a_new_branch_hangs_under_its_committee_with_the_next_path(tree: Tree) -> None:
    branch = open_branch(OFFICER, tree[TOWNSHIP.code])
    assert branch.path == TOWNSHIP.path + "0003"
    assert branch.can("holds_members")
    assert branch.stands_in_code == "513436100003"
    assert len(branch.check_in_code) == 8


def test_a_path_is_never_given_twice(tree: Tree) -> None:
    first = open_branch(OFFICER, tree[TOWNSHIP.code])
    commands.close(by=OFFICER, organisation_id=first.id, reason="误建")
    assert open_branch(OFFICER, tree[TOWNSHIP.code], code="T10").path > first.path


def test_nobody_opens_under_a_parent_outside_the_scope(tree: Tree) -> None:
    with pytest.raises(NotFound):
        open_branch(OFFICER, tree[NEXT_COUNTY.code])


def test_only_the_system_plants_a_root(tree: Tree) -> None:
    with pytest.raises(NotFound):
        commands.open_organisation(
            by=OFFICER, parent_id=None, kind="province_committee", name="某省", code="T0",
            division_code="520000000000", reason="",
        )  # fmt: skip


def test_who_may_only_look_changes_nothing(tree: Tree) -> None:
    with pytest.raises(Forbidden):
        open_branch(READER, tree[TOWNSHIP.code])


def test_row_security_refuses_a_write_outside_the_scope(tree: Tree) -> None:
    with transaction.atomic(), scoped(OFFICER.scope):
        changed = Organisation.objects.filter(code=NEXT_BRANCH.code).update(name="改名")
        assert changed == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Organisation.objects.filter(code=BRANCH.code).update(path=NEXT_BRANCH.path + "0009")


def test_the_moving_function_refuses_paths_outside_the_scope(tree: Tree) -> None:
    with transaction.atomic(), scoped(OFFICER.scope):
        for old, new in ((NEXT_BRANCH.path, MEIGU.path + "0009"), (BRANCH.path, "00020001")):
            with pytest.raises(DatabaseError, match="outside the scope"), transaction.atomic():
                tree_sql.move_paths(old, new)


@pytest.mark.parametrize(
    ("kind", "name", "code", "expected"),
    [
        ("county_committee", "又一个县委", "T9", "wrong-parent"),
        ("no_such_kind", "某组织", "T9", "unknown-kind"),
        ("community_branch", "城东社区 党支部", "T9", "name-taken"),
        ("community_branch", "新社区党支部", NEXT_BRANCH.code, "code-taken"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_its_reason(
    tree: Tree, kind: str, name: str, code: str, expected: str
) -> None:
    with pytest.raises(Refused) as refused:
        commands.open_organisation(
            by=OFFICER, parent_id=tree[TOWNSHIP.code].id, kind=kind, name=name, code=code,
            division_code="513436100000", reason="",
        )  # fmt: skip
    assert refused.value.code == expected


def test_outside_the_scope_there_is_no_such_organisation(tree: Tree) -> None:
    assert queries.organisation(tree[NEXT_BRANCH.code].id).name == NEXT_BRANCH.name
    with pytest.raises(NotFound):
        queries.get_organisation_for(OFFICER, tree[NEXT_BRANCH.code].id)
    with pytest.raises(NotFound):
        commands.close(by=OFFICER, organisation_id=tree[NEXT_BRANCH.code].id, reason="")


def test_a_renamed_organisation_is_known_by_its_old_name_on_an_older_day(tree: Tree) -> None:
    branch = tree[BRANCH.code]
    later = replace(OFFICER, today=branch.opened_on + timedelta(days=30))
    commands.rename(by=later, organisation_id=branch.id, name="东城社区党支部", reason="更名")
    then = queries.organisation_as_of(branch.id, branch.opened_on + timedelta(days=29))
    now = queries.organisation_as_of(branch.id, branch.opened_on + timedelta(days=30))
    assert then is not None and then.name == BRANCH.name
    assert now is not None and (now.name, now.reason) == ("东城社区党支部", "更名")
    assert queries.organisation_as_of(branch.id, branch.opened_on - timedelta(days=1)) is None
    assert [entry.act for entry in queries.history_of(branch.id)] == ["opened", "renamed"]


def test_a_change_of_what_somebody_else_has_changed_is_a_conflict(tree: Tree) -> None:
    branch = tree[BRANCH.code]
    seen = branch.version
    commands.rename(
        by=OFFICER, organisation_id=branch.id, name="东城社区党支部", version=seen, reason=""
    )
    with pytest.raises(Conflict):
        commands.rename(
            by=OFFICER, organisation_id=branch.id, name="西城社区党支部", version=seen, reason=""
        )


def test_every_act_leaves_its_row_in_the_audit(tree: Tree, everywhere: None) -> None:
    branch = open_branch(OFFICER, tree[TOWNSHIP.code])
    row = AuditRow.objects.get(subject_id=branch.id)
    assert (row.action, row.reason, row.actor_name) == (
        "orgs.open_organisation",
        "新建社区",
        OFFICER.name,
    )


@pytest.fixture
def life(tree: Tree) -> dict[str, UUID]:
    """A member of the branch who stays in the next county, their case, a lead and a grant."""
    branch, far = tree[BRANCH.code], tree[NEXT_BRANCH.code]
    with transaction.atomic(), scoped(Scope.everywhere()):
        member = Member.objects.create(
            name="阿尔木呷", name_key="x", pinyin="x", initials="x",
            home_organisation_id=branch.id, home_path=branch.path,
            host_organisation_id=far.id, host_path=far.path,
        )  # fmt: skip
        case = Case.objects.create(
            member=member, member_name="阿尔木呷", name_key="x", pinyin="x", initials="x",
            state="placed", opened_from="home", answers="host", opened_on=date(2026, 1, 5),
            home_organisation_id=branch.id, home_path=branch.path,
            host_organisation_id=far.id, host_path=far.path,
        )  # fmt: skip
        lead = Lead.objects.create(
            organisation_id=branch.id, path=branch.path, door="qr", search_method="self",
            answer_by=date(2026, 3, 9),
        )  # fmt: skip
        account = Account.objects.create(login="t", name="曲比小花", password="!")
        grant = Grant.objects.create(
            account=account, role="liaison", organisation_id=branch.id, path=branch.path,
            valid_from=date(2026, 1, 1), granted_by="test",
        )  # fmt: skip
    return {"member": member.id, "case": case.id, "lead": lead.id, "grant": grant.id}


def test_a_move_takes_along_whatever_hangs_on_the_subtree(
    tree: Tree, life: dict[str, UUID]
) -> None:
    moved = commands.move(
        by=CITY_OFFICER,
        organisation_id=tree[TOWNSHIP.code].id,
        parent_id=tree[NEXT_COUNTY.code].id,
        reason="区划调整",
    )
    assert moved.path == NEXT_COUNTY.path + "0002"
    branch = queries.organisation(tree[BRANCH.code].id)
    assert branch.path == moved.path + "0001"
    with transaction.atomic(), scoped(Scope.everywhere()):
        assert Member.objects.get(id=life["member"]).home_path == branch.path
        case = Case.objects.get(id=life["case"])
        assert (case.home_path, case.host_path) == (branch.path, NEXT_BRANCH.path)
        assert Lead.objects.get(id=life["lead"]).path == branch.path
        assert Grant.objects.get(id=life["grant"]).path == branch.path
    below = [facts.code for facts in queries.organisations_under(NEXT_COUNTY.path)]
    assert {BRANCH.code, OTHER_BRANCH.code, TOWNSHIP.code} < set(below)
    assert [facts.code for facts in queries.organisations_under(MEIGU.path)].count(BRANCH.code) == 0


def test_a_move_reaches_the_side_that_lies_beyond_the_movers_scope(
    tree: Tree, life: dict[str, UUID]
) -> None:
    """The case's host is in another county; its home path must follow all the same."""
    other = commands.open_organisation(
        by=OFFICER, parent_id=tree[MEIGU.code].id, kind="township_committee", name="牛牛坝镇党委",
        code="T513436102", division_code="513436102000", reason="",
    )  # fmt: skip
    moved = commands.move(
        by=OFFICER, organisation_id=tree[BRANCH.code].id, parent_id=other.id, reason="区划调整"
    )
    with transaction.atomic(), scoped(Scope.everywhere()):
        case = Case.objects.get(id=life["case"])
    assert (case.home_path, case.host_path) == (moved.path, NEXT_BRANCH.path)


def test_a_move_stays_in_the_history(tree: Tree) -> None:
    commands.move(
        by=CITY_OFFICER,
        organisation_id=tree[TOWNSHIP.code].id,
        parent_id=tree[NEXT_COUNTY.code].id,
        reason="区划调整",
    )
    last = queries.history_of(tree[TOWNSHIP.code].id)[-1]
    assert (last.act, last.parent_name, last.reason) == ("moved", NEXT_COUNTY.name, "区划调整")
    names = [
        child.name for child in queries.children_as_of(tree[NEXT_COUNTY.code].id, last.valid_from)
    ]
    assert TOWNSHIP.name in names


def test_an_officer_of_one_county_moves_nothing_into_another(tree: Tree) -> None:
    with pytest.raises(NotFound):
        commands.move(
            by=OFFICER,
            organisation_id=tree[TOWNSHIP.code].id,
            parent_id=tree[NEXT_COUNTY.code].id,
            reason="",
        )


def test_nobody_moves_merges_or_closes_the_organisation_they_act_for(tree: Tree) -> None:
    meigu = tree[MEIGU.code].id
    with pytest.raises(Refused) as refused:
        commands.close(by=OFFICER, organisation_id=meigu, reason="")
    assert refused.value.code == "own-root"
    with pytest.raises(Refused) as refused:
        commands.move(by=OFFICER, organisation_id=meigu, parent_id=meigu, reason="")
    assert refused.value.code == "own-root"


def test_what_is_merged_hands_over_its_people_and_closes(tree: Tree, life: dict[str, UUID]) -> None:
    kept = commands.merge(
        by=OFFICER,
        organisation_id=tree[BRANCH.code].id,
        into_id=tree[OTHER_BRANCH.code].id,
        reason="社区合并",
    )
    gone = queries.organisation(tree[BRANCH.code].id)
    assert (gone.is_open, gone.merged_into_id) == (False, kept.id)
    with transaction.atomic(), scoped(Scope.everywhere()):
        member = Member.objects.get(id=life["member"])
        assert (member.home_organisation_id, member.home_path) == (kept.id, kept.path)
        assert member.host_path == NEXT_BRANCH.path
        case = Case.objects.get(id=life["case"])
        assert (case.home_organisation_id, case.home_path) == (kept.id, kept.path)
        lead = Lead.objects.get(id=life["lead"])
        assert (lead.organisation_id, lead.path) == (kept.id, kept.path)
        grant = Grant.objects.get(id=life["grant"])
        assert (grant.organisation_id, grant.path) == (kept.id, kept.path)
    assert [entry.act for entry in queries.history_of(gone.id)] == ["opened", "merged"]


def test_a_merged_committees_children_hang_under_the_one_that_was_kept(tree: Tree) -> None:
    commands.merge(
        by=CITY_OFFICER,
        organisation_id=tree[TOWNSHIP.code].id,
        into_id=queries.organisation_by_code("T513431100").id,
        reason="乡镇合并",
    )
    branch = queries.organisation(tree[BRANCH.code].id)
    assert branch.path.startswith("0001000100020001")
    assert branch.is_open


def test_an_organisation_with_open_children_does_not_close(tree: Tree) -> None:
    with pytest.raises(Refused) as refused:
        commands.close(by=OFFICER, organisation_id=tree[TOWNSHIP.code].id, reason="")
    assert refused.value.code == "open-children"


def test_an_organisation_on_which_somebody_hangs_does_not_close(
    tree: Tree, life: dict[str, UUID]
) -> None:
    attachments.register("试", lambda path: Member.objects.filter(home_path=path).count())
    try:
        with pytest.raises(Refused) as refused:
            commands.close(by=OFFICER, organisation_id=tree[BRANCH.code].id, reason="")
        assert refused.value.code == "holds-people"
        with transaction.atomic(), scoped(OFFICER.scope):
            assert attachments.attached(BRANCH.path)["试"] == 1
    finally:
        attachments.register("试", lambda path: 0)
    commands.close(by=OFFICER, organisation_id=tree[OTHER_BRANCH.code].id, reason="撤销")


def test_a_closed_organisation_leaves_lists_and_the_directory(tree: Tree) -> None:
    centre = tree[CENTRE.code]
    commands.add_service_point(
        by=OFFICER, organisation_id=centre.id, kind="service_centre", name="县服务中心",
        duty_hours=[(0, "08:30", "18:00")], address="美姑大道1号",
    )  # fmt: skip
    commands.close(by=OFFICER, organisation_id=centre.id, reason="迁并")
    assert centre.code not in {facts.code for facts in queries.organisations_under(MEIGU.path)}
    assert queries.directory(MEIGU.path) == []
    assert queries.organisation(centre.id).closed_on == OFFICER.today


def test_a_list_is_opened_wholly_or_not_at_all(tree: Tree) -> None:
    new = [
        NewOrganisation(TOWNSHIP.code, "community_branch", "甲党支部", "TA", "513436100000"),
        NewOrganisation("nowhere", "community_branch", "乙党支部", "TB", "513436100000"),
    ]
    with pytest.raises(NotFound):
        commands.open_organisations(by=OFFICER, new=new, reason="导入")
    with pytest.raises(NotFound):
        queries.organisation_by_code("TA")


def test_the_moving_functions_are_the_owners_with_a_fixed_search_path_and_not_for_everybody() -> (
    None
):
    with connection.cursor() as cursor:
        cursor.execute(
            "select proname, prosecdef, proconfig,"
            " exists (select from aclexplode(proacl) where grantee = 0)"
            " from pg_proc where proname in ('orgs_move', 'orgs_merge') order by proname"
        )
        found = cursor.fetchall()
    assert found == [
        (name, True, ["search_path=public, pg_temp"], False) for name in ("orgs_merge", "orgs_move")
    ]
