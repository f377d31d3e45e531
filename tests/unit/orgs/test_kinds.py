"""Levels as configuration: what each kind of organisation may do (支部工作条例（试行）)."""

from guiyan.orgs.kinds import Ability, Kind, packaged_kinds

KINDS: dict[str, Kind] = {kind.code: kind for kind in packaged_kinds()}


def test_every_kind_names_its_rule() -> None:
    assert all(kind.source for kind in KINDS.values())


def test_a_temporary_branch_hosts_but_neither_develops_members_nor_collects_dues_nor_elects() -> (
    None
):
    assert KINDS["temporary_branch"].abilities == {Ability.HOSTS_MEMBERS}


def test_a_mobile_members_branch_hosts_and_is_nobodys_home() -> None:
    abilities = KINDS["mobile_branch"].abilities
    assert Ability.HOSTS_MEMBERS in abilities
    assert Ability.HOLDS_MEMBERS not in abilities


def test_only_branches_hold_members() -> None:
    holders = {code for code, kind in KINDS.items() if Ability.HOLDS_MEMBERS in kind.abilities}
    assert holders == {"village_branch", "community_branch", "organs_branch", "joint_branch"}


def test_committees_admit_and_transfer_and_hold_nobody_themselves() -> None:
    committees = {code for code, kind in KINDS.items() if Ability.COMMITTEE in kind.abilities}
    assert committees == {
        "province_committee",
        "city_committee",
        "county_committee",
        "township_committee",
        "industry_committee",
    }


def test_a_department_is_no_party_organisation() -> None:
    assert KINDS["department"].abilities == frozenset()


def test_only_a_province_stands_alone() -> None:
    assert [code for code, kind in KINDS.items() if not kind.parents] == ["province_committee"]
