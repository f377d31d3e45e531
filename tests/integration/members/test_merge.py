"""Two files of one person become one, and come apart again as they were."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.acting import Browser
from tests.cast import BRANCH, NEXT_BRANCH, OFFICIALS, OTHER_BRANCH, OUTSIDERS, with_permissions
from tests.integration.members.conftest import seen_by
from tests.people import invented_id, invented_phone

from guiyan.members import commands, own, queries, queues, reviewing, timeline, vault
from guiyan.members.consents import NOTICE_VERSION
from guiyan.members.models import Consent, Correction, Member, MemberInterval, Notice, VaultField
from guiyan.members.types import MemberFacts, NewMember
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db

TOWNSHIP = OFFICIALS["township_officer"]
NUMBER = invented_id(sequence=6)


def register(**facts: Any) -> MemberFacts:
    facts = {"name": "沙马木呷", "home_organisation_id": BRANCH.id} | facts
    return commands.register_member(by=TOWNSHIP, new=NewMember(**facts))


def merge(kept: MemberFacts, gone: MemberFacts) -> UUID:
    return commands.merge_members(
        by=TOWNSHIP, kept_id=kept.id, gone_id=gone.id, reason="本人到场核对"
    )


def opened() -> list[tuple[Any, ...]]:
    """Every row of the two files, with sealed values opened, for comparison."""
    with scoped(Scope.everywhere()):
        rows: list[tuple[Any, ...]] = [
            ("vault", f.id, f.member_id, f.kind, vault.open_value(f), f.whose, f.valid_to)
            for f in VaultField.objects.all()
        ]
        rows += [
            ("member", *(getattr(m, f.attname) for f in Member._meta.concrete_fields
                         if f.name not in ("version", "changed_at")))
            for m in Member.objects.all()
        ]  # fmt: skip
        for model in (MemberInterval, Consent, Correction, Notice):
            rows += [(model.__name__, r.pk, r.member_id) for r in model._default_manager.all()]
    return sorted(rows, key=str)


people = st.fixed_dictionaries(
    {},
    optional={
        "phone": st.sampled_from([invented_phone(1), invented_phone(2)]),
        "address": st.sampled_from(["四川省凉山州美姑县巴普镇1号", "贵州省贵阳市观山湖区2号"]),
        "trade": st.sampled_from(["建筑", "餐饮"]),
        "ethnicity": st.sampled_from(["07", "01"]),
        "joined_on": st.just(date(2001, 7, 1)),
        "joined_precision": st.sampled_from(["day", "year"]),
        "home_organisation_id": st.sampled_from([BRANCH.id, OTHER_BRANCH.id]),
        "host_organisation_id": st.sampled_from([NEXT_BRANCH.id]),
        "born_on": st.just(date(1975, 8, 12)),
    },
)


@given(kept=people, gone=people, who_has_number=st.sampled_from(["kept", "gone", "nobody"]))
@settings(max_examples=30, deadline=None)
def check_undoing_gives_back(
    kept: dict[str, Any], gone: dict[str, Any], who_has_number: str
) -> None:
    with transaction.atomic():
        numbers = {who_has_number: NUMBER}
        first = register(**kept, id_number=numbers.get("kept"))
        second = register(**gone, id_number=numbers.get("gone"))
        own.ask_correction(by=Actor.member(second.id, "本人"), field="trade", wish="木工")
        own.give_consent(
            by=Actor.member(second.id, "本人"),
            purpose="contact_by_message",
            notice_version=NOTICE_VERSION,
        )
        before = opened()
        merge_id = merge(first, second)
        assert opened() != before
        commands.undo_merge(by=TOWNSHIP, merge_id=merge_id, reason="认错了人")
        assert opened() == before
        transaction.set_rollback(True)


def test_undoing_a_merge_gives_back_both_files_as_they_were() -> None:
    check_undoing_gives_back()


def test_the_kept_file_has_everything_and_the_other_leads_to_it() -> None:
    kept = register(phone=invented_phone(1))
    gone = register(id_number=NUMBER, phone=invented_phone(2), trade="建筑")
    merge(kept, gone)
    with seen_by(TOWNSHIP):
        (found,) = queries.find_by_id_number(TOWNSHIP, NUMBER)
        assert found.id == kept.id
        assert found.trade == "建筑"
        phones = [f for f in queries.vault_of(TOWNSHIP, kept.id) if f.kind == "phone"]
        assert [phone.mask for phone in phones] == ["120****0001"]
        assert queries.get_member_for(TOWNSHIP, gone.id).merged_into_id == kept.id
        assert [f.id for f in queries.find_by_name(TOWNSHIP, "沙马")] == [kept.id]
    revealed = commands.reveal(by=TOWNSHIP, member_id=kept.id, kind="id_number", reason="verify")
    assert revealed.value == NUMBER
    assert Browser(TOWNSHIP).get(f"/w/members/{gone.id}").status_code == 303


def test_a_merge_needs_a_reason_two_files_in_scope_and_goes_once() -> None:
    kept, gone, third = register(), register(), register()
    for reason, pair, code in (
        ("", (kept, gone), "reason"),
        ("同一人", (kept, kept), "same-file"),
    ):
        with pytest.raises(Refused) as refusal:
            commands.merge_members(
                by=TOWNSHIP, kept_id=pair[0].id, gone_id=pair[1].id, reason=reason
            )
        assert refusal.value.code == code
    merge(kept, gone)
    for pair in ((third, gone), (gone, third), (third, kept)):
        with pytest.raises(Refused):
            merge(*pair)
    stranger = with_permissions(OUTSIDERS["township_officer"], *TOWNSHIP.permissions)
    with pytest.raises(NotFound):
        commands.merge_members(by=stranger, kept_id=kept.id, gone_id=third.id, reason="同一人")


def test_merges_are_undone_from_the_latest_back_and_once() -> None:
    kept, second, third = register(), register(), register()
    first_merge, later_merge = merge(kept, second), merge(kept, third)
    with pytest.raises(Refused, match="较晚"):
        commands.undo_merge(by=TOWNSHIP, merge_id=first_merge, reason="错了")
    for merge_id in (later_merge, first_merge):
        commands.undo_merge(by=TOWNSHIP, merge_id=merge_id, reason="错了")
    with pytest.raises(Refused, match="撤销过"):
        commands.undo_merge(by=TOWNSHIP, merge_id=first_merge, reason="错了")


def test_the_reviewer_above_compares_masks_and_decides() -> None:
    first = register(id_number=NUMBER)
    stranger = OUTSIDERS["branch_secretary"]
    second = commands.register_member(
        by=stranger,
        new=NewMember(name="沙马木呷", id_number=NUMBER, home_organisation_id=NEXT_BRANCH.id),
    )
    city = with_permissions(OFFICIALS["city_officer"], *TOWNSHIP.permissions)
    with seen_by(city):
        (review,) = queues.open_reviews(city)
    page = Browser(city).get(f"/w/duplicates/{review.id}").content.decode()
    assert page.count(first.id_mask) == 2
    assert NUMBER not in page
    assert Browser(TOWNSHIP).get(f"/w/duplicates/{review.id}").status_code == 404
    decided = Browser(city).post(
        f"/w/duplicates/{review.id}", {"kept": str(first.id), "reason": "证件一致", "once": "d"}
    )
    assert decided.headers["Location"] == f"/w/members/{first.id}"
    with seen_by(city):
        assert queues.open_reviews(city) == []
        assert queries.get_member_for(city, second.id).merged_into_id == first.id


def test_two_people_who_look_alike_stay_two() -> None:
    born = date(1990, 1, 1)
    register(born_on=born)
    register(born_on=born)
    with seen_by(TOWNSHIP):
        (review,) = queues.open_reviews(TOWNSHIP)
    reviewing.say_different(by=TOWNSHIP, review_id=review.id, reason="兄弟重名，证件不同")
    with seen_by(TOWNSHIP):
        assert queues.open_reviews(TOWNSHIP) == []
        assert Member.objects.filter(merged_into__isnull=True).count() == 2


def who_opened(reader: Actor, file: MemberFacts) -> list[str]:
    with seen_by(reader):
        return [entry.who for entry in timeline.openings_of(reader, file.id)]


def test_who_opened_either_file_is_read_in_the_one_and_parts_again_when_undone() -> None:
    """Also by the member, and also when an organisation far away had opened the file that went."""
    kept, gone = register(), register(phone=invented_phone(41))
    commands.reveal(by=TOWNSHIP, member_id=gone.id, kind="phone", reason="contact")
    merged = merge(kept, gone)
    me = Actor.member(kept.id, kept.name)
    assert who_opened(TOWNSHIP, kept) == who_opened(me, kept) == [TOWNSHIP.name]
    with seen_by(TOWNSHIP):
        said = [entry.text for entry in timeline.timeline_of(TOWNSHIP, kept.id)]
    assert said.count("建立了档案") == 2
    commands.undo_merge(by=TOWNSHIP, merge_id=merged, reason="核对有误")
    assert who_opened(TOWNSHIP, kept) == who_opened(me, kept) == []
    assert who_opened(TOWNSHIP, gone) == [TOWNSHIP.name]


def test_a_merge_shows_staff_no_openings_of_other_parts_of_the_tree() -> None:
    kept, gone = register(), register(phone=invented_phone(42), host_organisation_id=NEXT_BRANCH.id)
    elsewhere = OUTSIDERS["township_officer"]
    commands.reveal(by=elsewhere, member_id=gone.id, kind="phone", reason="contact")
    merge(kept, gone)
    assert who_opened(TOWNSHIP, kept) == []
    assert who_opened(Actor.member(kept.id, kept.name), kept) == [elsewhere.name]
