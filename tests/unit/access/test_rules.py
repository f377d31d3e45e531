"""Rules of access, without a database."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.access import rules
from guiyan.access.roles import ROLES, permissions_of
from guiyan.access.types import GrantFacts
from guiyan.platform.permissions import Permission

MONDAY = date(2026, 3, 2)
HERE = uuid4()
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def held(role: str, valid_from: date = MONDAY, valid_to: date | None = None) -> GrantFacts:
    return GrantFacts(role, HERE, "0001", valid_from, valid_to)


def refusal(
    role: str,
    *grants: GrantFacts,
    valid_from: date = MONDAY,
    valid_to: date | None = None,
    own: bool = False,
) -> str | None:
    found = rules.may_grant(
        role,
        grants,
        organisation_id=HERE,
        valid_from=valid_from,
        valid_to=valid_to,
        is_own_account=own,
    )
    return found.code if found else None


def test_the_three_administrators_exclude_each_other() -> None:
    assert refusal("audit_administrator", held("security_administrator")) == "exclusive"
    assert refusal("system_administrator", held("audit_administrator")) == "exclusive"


def test_an_administrator_has_no_business_role_beside() -> None:
    assert refusal("security_administrator", held("desk_clerk")) == "exclusive"
    assert refusal("county_officer", held("system_administrator")) == "exclusive"


def test_business_roles_go_together() -> None:
    assert refusal("liaison", held("branch_secretary")) is None


def test_roles_that_follow_one_another_do_not_exclude() -> None:
    ended = held("audit_administrator", date(2025, 1, 1), MONDAY - timedelta(days=1))
    assert refusal("desk_clerk", ended) is None
    assert refusal("desk_clerk", held("audit_administrator", date(2025, 1, 1), MONDAY)) is not None


def test_a_future_grant_excludes_too() -> None:
    later = held("audit_administrator", MONDAY + timedelta(days=30))
    assert refusal("desk_clerk", later) == "exclusive"
    assert refusal("desk_clerk", later, valid_to=MONDAY + timedelta(days=29)) is None


def test_nobody_grants_to_themselves() -> None:
    assert refusal("liaison", own=True) == "own-account"


def test_a_role_is_granted_once_at_one_organisation() -> None:
    assert refusal("liaison", held("liaison")) == "held-already"


def test_a_grant_does_not_end_before_it_begins() -> None:
    assert refusal("liaison", valid_to=MONDAY - timedelta(days=1)) == "period"


@given(st.sampled_from(sorted(ROLES)), st.sampled_from(sorted(ROLES)))
def test_exclusion_is_mutual(one: str, other: str) -> None:
    assert rules.excludes(one, other) == rules.excludes(other, one)


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_two_grants_overlap_exactly_when_some_day_is_in_both(
    a: date, b: date, c: date, d: date
) -> None:
    first, last = sorted((a, b))
    second_first, second_last = sorted((c, d))
    grant = held("liaison", first, last)
    shared = max(first, second_first) <= min(last, second_last)
    assert grant.overlaps(second_first, second_last) == shared


def test_no_administrator_sees_members() -> None:
    seeing = {Permission.SEE_MEMBERS, Permission.SEE_CASES, Permission.REVEAL_IDENTITY}
    for code in rules.ADMINISTRATORS:
        assert ROLES[code].is_administrator
        assert not ROLES[code].permissions & seeing
        assert not ROLES[code].elevated


def test_no_role_holds_two_powers_of_administration() -> None:
    powers = {Permission.ADMINISTER_SYSTEM, Permission.ADMINISTER_ACCOUNTS, Permission.READ_AUDIT}
    assert all(len(role.permissions & powers) <= 1 for role in ROLES.values())


def test_roles_above_the_township_open_identity_only_when_elevated() -> None:
    for code in ("county_officer", "city_officer", "province_officer"):
        assert Permission.REVEAL_IDENTITY not in permissions_of((code,))
        elevated = permissions_of((code,), is_elevated=True)
        assert {Permission.REVEAL_IDENTITY, Permission.MERGE_MEMBERS} <= elevated


@given(st.lists(st.sampled_from(sorted(ROLES)), max_size=4))
def test_roles_add_up_and_elevation_takes_nothing_away(codes: list[str]) -> None:
    everyday = permissions_of(tuple(codes))
    assert all(ROLES[code].permissions <= everyday for code in codes)
    assert everyday <= permissions_of(tuple(codes), is_elevated=True)


def test_elevation_adds_nothing_to_a_role_that_cannot_elevate() -> None:
    for role in ROLES.values():
        assert bool(role.elevated) == (Permission.ELEVATE in role.permissions)


def test_every_fifth_wrong_try_locks_and_each_time_longer() -> None:
    locks = [rules.lock_after(failures) for failures in range(1, 16)]
    assert locks.count(None) == 12
    assert locks[4] == timedelta(minutes=15)
    assert locks[9] == timedelta(minutes=30)
    assert locks[14] == timedelta(hours=1)


@given(st.integers(min_value=1, max_value=100_000))
def test_a_lock_never_lasts_longer_than_a_day(failures: int) -> None:
    assert (rules.lock_after(failures) or timedelta()) <= timedelta(days=1)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Ab1-efgh", "password-short"),
        ("abcdefghijkl", "password-plain"),
        ("abcdefghij12", "password-plain"),
        ("Abcdefghij12", None),
        ("guiyan-Li4-guiyan", None),
        ("Li.Yan-12345678", "password-name"),
        ("aaaaaaaaaaaaaaaaaa", "password-plain"),
        ("correct horse battery", None),
    ],
)
def test_a_password_has_three_sorts_of_signs_or_is_long(password: str, code: str | None) -> None:
    found = rules.may_have_password(password, login="li.yan", name="李雁")
    assert (found.code if found else None) == code


def test_a_login_is_the_same_in_any_width_and_case() -> None:
    assert rules.folded_login(" Ｌi.Yan ") == "li.yan"
    assert rules.may_have_login("li.yan") is None
    assert rules.may_have_login("李雁") is not None


def test_an_account_unused_for_more_than_90_days_is_stale() -> None:
    made = NOON - timedelta(days=400)
    assert rules.is_stale(None, made, NOON)
    assert rules.is_stale(NOON - timedelta(days=91), made, NOON)
    assert not rules.is_stale(NOON - timedelta(days=90), made, NOON)


def test_a_password_is_renewed_after_180_days() -> None:
    assert rules.password_is_old(NOON - timedelta(days=181), NOON)
    assert not rules.password_is_old(NOON - timedelta(days=180), NOON)
    assert not rules.password_is_old(None, NOON)


def test_elevation_asks_for_a_reason_and_at_most_an_hour() -> None:
    assert rules.may_elevate(reason="核对重复档案", minutes=60) is None
    assert rules.may_elevate(reason="  看 ", minutes=60) is not None
    assert rules.may_elevate(reason="核对重复档案", minutes=61) is not None


@pytest.mark.parametrize(
    ("idle_min", "age_h", "has_ended"),
    [(29, 1, False), (31, 1, True), (1, 13, True), (1, 11, False)],
)
def test_a_session_ends_when_idle_and_after_half_a_day(
    idle_min: int, age_h: int, has_ended: bool
) -> None:
    assert has_ended == rules.session_has_ended(
        signed_in_at=NOON - timedelta(hours=age_h),
        seen_at=NOON - timedelta(minutes=idle_min),
        now=NOON,
        idle_s=1800,
        absolute_s=12 * 3600,
    )


def test_an_account_with_a_grant_above_is_not_reset_from_below() -> None:
    above = GrantFacts("city_officer", uuid4(), "0001", MONDAY, None)
    below = GrantFacts("liaison", uuid4(), "00010002", MONDAY, None)
    found = rules.may_reset([above, below], low="00010002", high="00010002~", on=MONDAY)
    assert found is not None
    assert rules.may_reset([below], low="00010002", high="00010002~", on=MONDAY) is None
