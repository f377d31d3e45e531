"""What is stored is declared, goes when it said, and is sealed anew when keys turn."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from tests.cast import BRANCH, OFFICIALS
from tests.people import invented_id, invented_phone

from guiyan.kernel.crypto import KeyMissing, KeyRing
from guiyan.members import commands, jobs, own, vault
from guiyan.members.fields import NOT_PERSONAL, PERSONAL_FIELDS, RETENTION
from guiyan.members.models import Consent, Correction, Member, Notice, VaultField
from guiyan.members.types import MemberFacts, NewMember
from guiyan.platform import resealing
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.keys import key_ring
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db

SECRETARY = OFFICIALS["branch_secretary"]
NUMBER = invented_id(sequence=8)


@pytest.fixture
def member() -> MemberFacts:
    return commands.register_member(
        by=SECRETARY,
        new=NewMember(
            name="吉克阿果",
            id_number=NUMBER,
            phone=invented_phone(8),
            home_organisation_id=BRANCH.id,
        ),
    )


def test_every_column_is_declared_with_purpose_readers_and_end() -> None:
    stored = {
        f"{model._meta.model_name}.{field.column}"
        for model in apps.get_app_config("members").get_models()
        for field in model._meta.concrete_fields
    }
    declared = [column for field in PERSONAL_FIELDS for column in field.columns]
    assert len(declared) == len(set(declared))
    assert set(declared) | NOT_PERSONAL == stored
    assert not set(declared) & NOT_PERSONAL
    for field in PERSONAL_FIELDS:
        assert str(field.name) and str(field.purpose) and str(field.readers)
        assert str(field.delete_after)


def test_what_is_past_its_time_goes_and_the_rest_stays(member: MemberFacts) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=2000)
    me = Actor.member(member.id, member.name)
    own.ask_correction(by=me, field="trade", wish="应为木工")
    own.ask_correction(by=me, field="trade", wish="还没有答复")
    with scoped(Scope.everywhere()):
        VaultField.objects.filter(kind="phone").update(valid_to=long_ago.date())
        Notice.objects.create(member_id=member.id, kind="opening", text="旧", seen_at=long_ago)
        Notice.objects.create(member_id=member.id, kind="opening", text="未看")
        Consent.objects.create(
            member_id=member.id,
            purpose="contact_by_message",
            notice_version="1",
            given_how="page",
            given_on=long_ago.date(),
            withdrawn_on=long_ago.date(),
        )
        answered = Correction.objects.order_by("asked_at")[0]
        answered.answered_at = long_ago
        answered.save()
    jobs.obey_retention()
    with scoped(Scope.everywhere()):
        assert [field.kind for field in VaultField.objects.all()] == ["id_number"]
        assert [notice.text for notice in Notice.objects.all()] == ["未看"]
        assert not Consent.objects.exists()
        wishes = {c.pk == answered.pk: bytes(c.sealed_wish) for c in Correction.objects.all()}
        assert wishes[True] == b""
        assert wishes[False] != b""
        assert Member.objects.count() == 1


def test_every_rule_of_retention_names_a_column_that_exists() -> None:
    for rule in RETENTION:
        for column in (rule.since, *rule.erases):
            assert rule.table._meta.get_field(column)


@pytest.fixture
def own_keys(tmp_path: Path) -> Iterator[KeyRing]:
    """A key ring of this test's own, so that turning it touches nobody else."""
    before, directory = settings.KEYS_DIR, tmp_path / "keys"
    KeyRing.create(directory)
    settings.KEYS_DIR = directory
    key_ring.cache_clear()
    yield key_ring()
    settings.KEYS_DIR = before
    key_ring.cache_clear()


def test_after_a_rotation_everything_is_sealed_anew_and_the_old_key_may_go(
    own_keys: KeyRing, member: MemberFacts
) -> None:
    own.ask_correction(by=Actor.member(member.id, "本人"), field="trade", wish="应为木工")
    old = own_keys.primary_id()
    own_keys.rotate()
    with scoped(Scope.everywhere()):
        assert resealing.reseal_some(2) == 2
        assert resealing.reseal_some(2) == 1
        assert resealing.reseal_some(2) == 0
        own_keys.retire(old)
        opened = {vault.open_value(field) for field in VaultField.objects.all()}
        assert vault.open_wish(Correction.objects.get()) == "应为木工"
    assert opened == {NUMBER, invented_phone(8)}


def test_without_resealing_a_retired_key_opens_nothing(
    own_keys: KeyRing, member: MemberFacts
) -> None:
    old = own_keys.primary_id()
    own_keys.rotate()
    own_keys.retire(old)
    with pytest.raises(KeyMissing):
        commands.reveal(by=SECRETARY, member_id=member.id, kind="phone", reason="contact")


def test_a_value_copied_to_another_file_does_not_open(member: MemberFacts) -> None:
    other = commands.register_member(
        by=SECRETARY,
        new=NewMember(name="别人", phone=invented_phone(9), home_organisation_id=BRANCH.id),
    )
    with scoped(Scope.everywhere()):
        stolen = VaultField.objects.get(member_id=member.id, kind="phone")
        VaultField.objects.filter(member_id=other.id).update(sealed=stolen.sealed)
    with pytest.raises(Exception, match="加密的内容已被改动"):
        commands.reveal(by=SECRETARY, member_id=other.id, kind="phone", reason="contact")


def test_an_imported_file_goes_with_its_import_only_while_nothing_hangs_on_it(
    member: MemberFacts,
) -> None:
    with pytest.raises(Refused) as refusal:
        commands.erase_member(by=SECRETARY, member_id=member.id, reason="撤销导入")
    assert refusal.value.code == "in-use"
    imported = commands.register_member(
        by=SECRETARY,
        new=NewMember(name="导入的人", home_organisation_id=BRANCH.id, import_batch_id=BRANCH.id),
    )
    commands.erase_member(by=SECRETARY, member_id=imported.id, reason="撤销导入")
    with scoped(Scope.everywhere()):
        assert not Member.objects.filter(pk=imported.id).exists()
