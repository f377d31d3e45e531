"""The key of the blind indexes turns while everybody goes on searching (design §7.9)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import BinaryField
from tests.cast import BRANCH, MEIGU, OFFICIALS, OUTSIDERS, TOWNSHIP
from tests.people import invented_id, invented_phone

from guiyan.access import handsets, member_codes
from guiyan.access.models import Account, Handset
from guiyan.channels import contents
from guiyan.channels.models import Binding
from guiyan.flows import commands as flows
from guiyan.flows.models import Lead
from guiyan.flows.types import LeadSaid
from guiyan.kernel.crypto import KeyRing
from guiyan.kernel.key_files import KeyUse
from guiyan.kernel.phones import Phone, read_phone
from guiyan.members import commands, queries
from guiyan.members.models import DuplicateReview, VaultField
from guiyan.members.types import NewMember
from guiyan.orgs import commands as orgs
from guiyan.outreach import commands as premises
from guiyan.outreach.hotline import commands as hotline
from guiyan.outreach.models import Premises
from guiyan.outreach.types import NewPremises
from guiyan.platform import reindexing
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.errors import Refused
from guiyan.platform.keys import key_ring
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db

SECRETARY = OFFICIALS["branch_secretary"]
COUNTY = OFFICIALS["county_officer"]
MANY = 200


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


def number(sequence: int) -> str:
    return invented_id(sequence=sequence)


def enter(*sequences: int) -> None:
    commands.register_members(
        by=SECRETARY,
        new=[
            NewMember(
                name="吉克阿果",
                id_number=number(each),
                phone=invented_phone(each),
                home_organisation_id=BRANCH.id,
            )
            for each in sequences
        ],
    )


def finds(sequence: int) -> int:
    """How many files each way to search finds."""
    with scoped(SECRETARY.scope):
        by_number = queries.find_by_id_number(SECRETARY, number(sequence))
        by_phone = queries.find_by_phone(SECRETARY, invented_phone(sequence))
        by_many = queries.find_by_id_numbers(SECRETARY, [number(sequence)])
    assert len(by_number) == len(by_phone) == len(by_many)
    return len(by_number)


def whole_pass() -> int:
    place: reindexing.Place | None = reindexing.Place()
    written = 0
    while place is not None:
        with scoped(Scope.everywhere()):
            place, some = reindexing.rewrite_some(place)
        written += some
    return written


def test_searches_never_fail_while_the_index_key_turns(
    own_keys: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "AT_ONCE", 50)
    enter(*range(1, MANY + 1))
    old = own_keys.primary_id(KeyUse.INDEX)
    own_keys.rotate(KeyUse.INDEX)
    enter(MANY + 1)
    place: reindexing.Place | None = reindexing.Place()
    steps = 0
    while place is not None:
        assert [finds(each) for each in (1, MANY // 2, MANY, MANY + 1)] == [1, 1, 1, 1]
        with pytest.raises(Refused):
            enter(7)
        with scoped(Scope.everywhere()):
            place, _written = reindexing.rewrite_some(place)
        steps += 1
    assert steps > 2 * MANY // 50
    own_keys.retire(old)
    assert {finds(each) for each in range(1, MANY + 2)} == {1}
    assert whole_pass() == 0


def test_without_rewriting_nothing_is_found_once_the_old_key_is_retired(own_keys: KeyRing) -> None:
    enter(1)
    old = own_keys.primary_id(KeyUse.INDEX)
    own_keys.rotate(KeyUse.INDEX)
    own_keys.retire(old)
    assert finds(1) == 0


def test_whoever_has_the_old_key_finds_nothing_in_the_rewritten_tables(own_keys: KeyRing) -> None:
    enter(1)
    with scoped(Scope.everywhere()):
        before = {bytes(row.blind) for row in VaultField.objects.all()}
    own_keys.rotate(KeyUse.INDEX)
    assert whole_pass() == 2
    with scoped(Scope.everywhere()):
        assert not before & {bytes(row.blind) for row in VaultField.objects.all()}


def test_a_caller_missed_before_and_after_the_turn_is_one_due(own_keys: KeyRing) -> None:
    line = orgs.add_service_point(
        by=COUNTY,
        organisation_id=MEIGU.id,
        kind="hotline",
        name="美姑热线",
        duty_hours=[(0, "00:00", "24:00")],
        phone=invented_phone(8),
    )
    operator = OFFICIALS["hotline_operator"]
    first = hotline.note_missed(by=operator, point_id=line.id, number=invented_phone(1))
    own_keys.rotate(KeyUse.INDEX)
    again = hotline.note_missed(by=operator, point_id=line.id, number=invented_phone(1))
    assert (again.id, again.times) == (first.id, 2)


def test_one_person_entered_before_and_after_the_turn_is_noticed(own_keys: KeyRing) -> None:
    """In two places neither of which sees the other: the reviewer above hears of it all the same."""
    enter(5)
    own_keys.rotate(KeyUse.INDEX)
    elsewhere = OUTSIDERS["branch_secretary"]
    commands.register_member(
        by=elsewhere,
        new=NewMember(
            name="吉克阿果",
            id_number=number(5),
            home_organisation_id=elsewhere.organisation_id,
        ),
    )
    whole_pass()
    with scoped(Scope.everywhere()):
        assert DuplicateReview.objects.filter(why="id_number").count() == 1


def test_leads_premises_and_bound_accounts_are_found_under_the_new_key(own_keys: KeyRing) -> None:
    orgs.seed_parameters(by=Actor.system("test"))
    orgs.seed_working_days(by=Actor.system("test"))
    flows.take_lead(
        by=SECRETARY,
        organisation_id=BRANCH.id,
        door="desk",
        search_method="self",
        said=LeadSaid(name="阿力", phone=invented_phone(3)),
    )
    premises.register_premises(
        by=COUNTY,
        new=[
            NewPremises(
                organisation_id=TOWNSHIP.id, path=TOWNSHIP.path, name="小吃店",
                phone=invented_phone(4),
            )
        ],
    )  # fmt: skip
    with scoped(Scope.everywhere()):
        bound = Binding(channel="wechat", recipient_kind="member", recipient_id=MEIGU.id)
        bound.address = contents.seal_column("channels_binding", "address", bound.id, "o-123")
        bound.address_index = contents.index_of("o-123")
        bound.begun_at = bound.bound_at = now()
        bound.save(force_insert=True)
    old = own_keys.primary_id(KeyUse.INDEX)
    own_keys.rotate(KeyUse.INDEX)
    assert whole_pass() == 3
    own_keys.retire(old)
    with scoped(Scope.everywhere()):
        blind = [own_keys.blind_index(plain(n), purpose="phone") for n in (3, 4)]
        assert Lead.objects.filter(phone_blind=blind[0]).exists()
        assert Premises.objects.filter(phone_blind=blind[1]).exists()
        assert Binding.objects.filter(address_index=contents.index_of("o-123")).exists()


def plain(sequence: int) -> str:
    phone = read_phone(invented_phone(sequence))
    assert isinstance(phone, Phone)
    return phone.normal


def test_every_blind_index_of_every_room_follows_a_new_key() -> None:
    """Found by their names in the catalogue; hashes of what only its holder has are counted."""
    blind = {
        f"{model._meta.label}.{field.column}"
        for model in apps.get_models()
        if model._meta.app_label != "platform"  # its hashes have no key
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField)
        and field.column.endswith(("blind", "_index", "_hash", "digest"))
    }
    follows = {f"{column.model}.{column.column}" for column in reindexing.blind_columns()}
    counted = {
        "access.Handset.token_hash", "access.MemberCode.code_hash", "access.MemberCode.phone_blind",
        "field.Receipt.digest", "field.SpokenNote.digest",
    }  # fmt: skip
    assert blind - counted == follows


def test_a_code_on_its_way_still_signs_in_after_the_turn(own_keys: KeyRing) -> None:
    enter(9)
    with scoped(Scope.everywhere()):
        VaultField.objects.update(signs_in_from=None)
    phone = read_phone(invented_phone(9))
    assert isinstance(phone, Phone)
    sent: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(member_codes, "deliver_code", lambda _phone, code: sent.append(code))
        code_id = member_codes.ask_for_code(phone=phone, address="192.0.2.1")
    own_keys.rotate(KeyUse.INDEX)
    assert reindexing.hashes_of_others(now()) == {"codes sent to members": 1}
    assert member_codes.use_code(code_id=code_id, code=sent[0]) is not None


def test_a_phone_follows_the_new_key_when_it_is_next_heard_of(
    own_keys: KeyRing,
) -> None:
    """The old key is needed as long as a phone in use has not been heard of since the turn."""
    canvasser = OFFICIALS["canvasser"]
    Account.objects.create(id=canvasser.account_id, login="canvasser", name=canvasser.name)
    token = handsets.issue_handset(by=canvasser, description="红米", public_key=b"").token
    with scoped(Scope.everywhere()):
        Handset.objects.update(seen_at=now() - timedelta(hours=1))
    old = own_keys.primary_id(KeyUse.INDEX)
    own_keys.rotate(KeyUse.INDEX)
    turned = reindexing.turning()[0].created
    assert sum(reindexing.hashes_of_others(turned).values()) == 1
    assert handsets.bearer_of(token) is not None
    assert not reindexing.hashes_of_others(turned)
    own_keys.retire(old)
    assert handsets.bearer_of(token) is not None
