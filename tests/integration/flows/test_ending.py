"""When a whole file's time is over it goes with everything that any room keeps of it, and no sooner."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from tests.cast import BRANCH, MEIGU
from tests.integration.flows.conftest import HOME, claimed, declared, newcomer, placed, seen_by
from tests.integration.flows.conftest import seen_by_the_database as seen

from guiyan.channels.models import Binding
from guiyan.flows import commands, counts, jobs
from guiyan.flows.models import Case, CaseEvent, RegisterCount
from guiyan.flows.types import Stay
from guiyan.liaison.models import Contact, ContactPerson
from guiyan.members import commands as members
from guiyan.members import jobs as member_jobs
from guiyan.members import own
from guiyan.members.models import Member, Merge, VaultField
from guiyan.members.types import MemberFacts
from guiyan.orgs import commands as orgs
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now, today
from guiyan.platform.errors import Forbidden
from guiyan.platform.models import AuditRow

pytestmark = pytest.mark.django_db
FOUR_YEARS = timedelta(days=4 * 365)


def came_home(member: MemberFacts | None = None) -> MemberFacts:
    member = member or newcomer()
    case = declared(host=None, member=member)
    commands.take_step(by=HOME, case_id=case.id, act="come_home")
    return member


def long_ago(member: MemberFacts, ago: timedelta = FOUR_YEARS) -> None:
    """As if nothing had been written about the member since."""
    with seen():
        Case.objects.filter(member_id=member.id, ended_on__isnull=False).update(
            ended_on=(now() - ago).date()
        )
        Member.objects.filter(pk=member.id).update(changed_at=now() - ago)


def files() -> set[str]:
    with seen():
        return {str(pk) for pk in Member.objects.values_list("pk", flat=True)}


def test_a_file_goes_with_all_that_hangs_on_it_when_its_time_is_over() -> None:
    member = came_home()
    commands.declare_case(by=HOME, member_id=member.id, stay=Stay())
    with seen():
        second = Case.objects.get(member_id=member.id, ended_on__isnull=True)
        first = Case.objects.get(member_id=member.id, ended_on__isnull=False)
        Case.objects.filter(pk=second.pk).update(previous_case=first)
        ContactPerson.objects.create(
            case=second, account_id=HOME.account_id, name="何木沙", why="", valid_from=HOME.today
        )
    commands.take_step(by=HOME, case_id=second.id, act="come_home")
    long_ago(member)
    member_jobs.erase_ended_files()
    jobs.fold_counts()
    with seen():
        assert not Member.objects.exists() and not VaultField.objects.exists()
        assert not Case.objects.exists() and not CaseEvent.objects.exists()
        assert not ContactPerson.objects.exists() and not Contact.objects.exists()
        assert not RegisterCount.objects.exclude(count=0).exists()
        assert AuditRow.objects.filter(action="members.erase_files", member_id=member.id).exists()
    counts.remake()
    with seen():
        assert not RegisterCount.objects.exists()


def test_no_table_knows_a_member_whose_file_has_gone() -> None:
    """The audit alone keeps that there was one, by its id."""
    member = came_home()
    long_ago(member)
    with seen():
        Binding.objects.create(
            channel="wechat",
            recipient_kind="member",
            recipient_id=member.id,
            address=b"sealed",
            begun_at=now(),
            bound_at=now(),
        )
    member_jobs.erase_ended_files()
    knowing = set()
    with seen():
        assert not Binding.objects.exists()
        tables = set(connection.introspection.table_names())
        for model in (model for model in apps.get_models() if model._meta.db_table in tables):
            columns = {field.attname for field in model._meta.concrete_fields}
            for column in columns & {"member_id", "recipient_id"}:
                if model._default_manager.filter(**{column: member.id}).exists():
                    knowing.add(model._meta.label)
    assert knowing == {"platform.AuditRow"}


def test_a_file_is_kept_while_it_is_young_open_written_in_or_asked_about() -> None:
    young, open_one, written, asks, rostered = (newcomer() for _ in range(5))
    for member in (young, written, asks):
        came_home(member)
    declared(member=open_one)
    own.ask_correction(by=Actor.member(asks.id, asks.name), field="trade", wish="应为木工")
    for member in (open_one, asks, rostered):
        long_ago(member)
    long_ago(young, timedelta(days=35 * 30))
    long_ago(written)
    with seen():
        Member.objects.filter(pk=written.id).update(changed_at=now())
    before = files()
    member_jobs.erase_ended_files()
    assert files() == before


def test_an_organisation_may_keep_its_files_longer() -> None:
    member = came_home()
    long_ago(member)
    with seen():
        orgs.set_parameter(
            by=Actor.system("test"),
            organisation_id=MEIGU.id,
            name="member_file_keep_months",
            value=60,
            valid_from=today(),
            source="县里的规定",
        )
    member_jobs.erase_ended_files()
    assert str(member.id) in files()


def test_a_file_that_went_into_another_goes_once_the_merge_cannot_be_undone() -> None:
    kept, gone = newcomer(), newcomer(home=BRANCH)
    by = Actor.system("test")
    with seen():
        members.merge_members(by=by, kept_id=kept.id, gone_id=gone.id, reason="同一人")
    member_jobs.erase_ended_files()
    assert str(gone.id) in files()
    with seen():
        Merge.objects.update(at=now() - timedelta(days=1096))
    member_jobs.obey_retention()
    member_jobs.erase_ended_files()
    assert files() == {str(kept.id)}


def test_only_the_night_erases_whole_files() -> None:
    member = came_home()
    with pytest.raises(Forbidden), seen_by(HOME):
        members.erase_files(by=HOME, member_ids=[member.id])
    assert str(member.id) in files()


def test_claimed_and_placed_stays_are_open_for_this() -> None:
    for case in (claimed(), placed()):
        with seen():
            Member.objects.filter(pk=case.member_id).update(changed_at=now() - FOUR_YEARS)
    before = files()
    member_jobs.erase_ended_files()
    assert files() == before
