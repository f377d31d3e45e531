"""A small Meigu for tests of whole pages: one thing of each kind, and a browser for each person."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from tests.cast import (
    BRANCH,
    CENTRE,
    MEIGU,
    OFFICIALS,
    OTHER_BRANCH,
    OUTSIDERS,
    PLACES,
    TOWNSHIP,
)
from tests.integration.orgs.conftest import KINDS
from tests.integration.web import census, hotline
from tests.people import invented_id, invented_phone

from guiyan.access.models import Account, Device, Grant, GrantProposal
from guiyan.channels import commands as channels
from guiyan.channels import dispatching
from guiyan.channels.types import NewMessage
from guiyan.flows import commands as flows
from guiyan.flows.types import LeadSaid, Stay
from guiyan.insight import commands as insight
from guiyan.insight.importing import commands as importing
from guiyan.kernel.names import fold_name
from guiyan.liaison import commands as liaison
from guiyan.liaison.models import PairingDraft
from guiyan.liaison.six_clears import commands as six_clears
from guiyan.members import commands as members
from guiyan.members import own, reviewing
from guiyan.members.models import DuplicateReview
from guiyan.members.types import MemberFacts, NewMember
from guiyan.messaging import commands as messaging
from guiyan.messaging import replying
from guiyan.messaging.models import Reply
from guiyan.orgs import commands as orgs
from guiyan.orgs.models import Organisation
from guiyan.platform.actor import Actor
from guiyan.platform.scope import Scope, scoped
from guiyan.web import commands as web
from guiyan.web.models import Feedback

SAMPLES = Path(__file__).parents[2] / "samples"
SECRETARY = OFFICIALS["branch_secretary"]
TOWNSHIP_OFFICER = OFFICIALS["township_officer"]

# Everybody who opens pages in these tests, by the name of their column.
PEOPLE: dict[str, Actor | None] = {
    **OFFICIALS,
    "outsider": OUTSIDERS["township_officer"],
    "outside_security": OUTSIDERS["security_administrator"],
    "no_organisation": OFFICIALS["county_officer"],
    "no_grant": OFFICIALS["county_officer"],
    "member": None,
    "anybody": None,
}


@dataclass(slots=True)
class County:
    """Ids of what stands in Meigu, by the name that URLs give them, and a browser for each person."""

    ids: dict[str, object] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    member: MemberFacts | None = None


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def plant() -> None:
    """The cast's places, under the ids that the cast's people hold."""
    system = Actor.system("test")
    orgs.seed_kinds(by=system)
    orgs.seed_parameters(by=system)
    orgs.seed_working_days(by=system)
    above = {place.path: place for place in PLACES}
    with transaction.atomic(), scoped(Scope.everywhere()):
        for place in PLACES:
            parent = above.get(place.path[:-4])
            Organisation.objects.create(
                id=place.id,
                parent_id=parent.id if parent else None,
                path=place.path,
                kind_id=KINDS[place],
                code=place.code,
                name=place.name,
                short_name=place.name,
                name_key=fold_name(place.name),
                division_code=place.division_code,
                stands_in_code=place.division_code,
                check_in_code=place.code[-12:].lower(),
                opened_on=date(2020, 1, 1),
            )


def build() -> County:
    """Plant the places and one thing of each kind, by the commands of the people whose job it is."""
    plant()
    county = County()
    county.member = _member("阿力木呷", 1)
    with transaction.atomic(), scoped(Scope.everywhere()):
        _add_cases(county, county.member)
        _add_members(county, county.member)
        _add_places(county)
        _add_message(county)
        county.ids |= census.build()
        county.ids |= hotline.build(
            *(UUID(str(county.ids[name])) for name in ("point_id", "case_id", "member_id"))
        )
        county.ids["batch_id"] = _batch_of_township()
        county.ids["request_id"] = insight.request_export(
            by=OFFICIALS["county_officer"],
            register="moved-out",
            organisation_id=MEIGU.id,
            is_unmasked=True,
            reason="上级核对",
        )
    county.ids["handset_id"] = uuid4()
    county.ids["account_id"], county.ids["grant_id"] = _account_of_meigu()
    county.ids["proposal_id"] = _approver_that_waits(county.ids["account_id"])
    for name in PEOPLE:
        county.browsers[name] = _browser(name, county.member)
    return county


def _member(name: str, sequence: int) -> MemberFacts:
    return members.register_member(
        by=SECRETARY,
        new=NewMember(
            name=name,
            id_number=invented_id(born=date(1980, 1, 1), sequence=sequence),
            phone=invented_phone(sequence),
            home_organisation_id=BRANCH.id,
        ),
    )


def _add_cases(county: County, member: MemberFacts) -> None:
    case = flows.declare_case(
        by=SECRETARY,
        member_id=member.id,
        stay=Stay(left_on=date(2025, 5, 1), reason_away="务工", host_text="美姑县城"),
        host_organisation_id=OTHER_BRANCH.id,
    )
    flows.take_step(by=TOWNSHIP_OFFICER, case_id=case.id, act="take_in")
    lead = flows.take_lead(
        by=TOWNSHIP_OFFICER,
        organisation_id=BRANCH.id,
        door="desk",
        search_method="door",
        said=LeadSaid(name="木呷", phone=invented_phone(9)),
    )
    system = Actor.system("test")
    (clear_id,) = six_clears.note_clears(
        by=TOWNSHIP_OFFICER,
        member_id=member.id,
        said=[six_clears.Said("difficulty", "孩子上学", asks_help=True)],
        as_of=TOWNSHIP_OFFICER.today,
    )
    county.ids |= {
        "clear_id": clear_id,
        "contact_id": liaison.record_contact(
            by=system, case_id=case.id, how="call", was_reached=False
        ),
        "case_id": case.id,
        "lead_id": lead.id,
        "letter_id": flows.issue_letter(by=SECRETARY, case_id=case.id, kind="letter"),
        "sitting_id": flows.open_sitting(
            by=TOWNSHIP_OFFICER, organisation_id=TOWNSHIP.id, held_on=date(2026, 3, 2), present="甲"
        ),
    }


def _add_members(county: County, member: MemberFacts) -> None:
    second, third, fourth = (_member(f"吉克{n}", i) for i, n in enumerate("乙丙丁", start=3))
    review = DuplicateReview.objects.create(
        path=TOWNSHIP.path, first_member_id=third.id, second_member_id=fourth.id, why="id_number"
    )
    correction = own.ask_correction(
        by=Actor.member(member.id, member.name), field="name", wish="改"
    )
    merge = reviewing.merge_members(
        by=TOWNSHIP_OFFICER, kept_id=member.id, gone_id=second.id, reason="同一人"
    )
    county.ids |= {
        "member_id": member.id,
        "field_id": _id_number_field(member.id),
        "review_id": review.id,
        "correction_id": correction,
        "merge_id": merge,
    }


def _id_number_field(member_id: UUID) -> UUID:
    """The vault's row of the member's ID number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from members_vaultfield"
            " where member_id = %s and kind = 'id_number' and valid_to is null",
            [member_id],
        )
        (found,) = cursor.fetchone()
    return UUID(str(found))


def _add_places(county: County) -> None:
    point = orgs.add_service_point(
        by=OFFICIALS["county_officer"],
        organisation_id=CENTRE.id,
        kind="hotline",
        name="美姑热线",
        duty_hours=(),
        phone=invented_phone(8),
    )
    web.send_feedback(by=Actor.public(), text="字太小", path=BRANCH.path)
    county.ids |= {
        "organisation_id": BRANCH.id,
        "point_id": point.id,
        "feedback_id": Feedback.objects.get().id,
        "draft_id": _draft_of_township(),
        "device_id": uuid4(),
        "passkey_id": uuid4(),
    }


def _draft_of_township() -> UUID:
    """A proposal of contact persons, still empty."""
    draft = PairingDraft.objects.create(
        organisation_id=TOWNSHIP.id, path=TOWNSHIP.path, made_by_name=TOWNSHIP_OFFICER.name
    )
    return draft.id


def _add_message(county: County) -> None:
    """A call that somebody has to make, and its message."""
    member = county.member
    assert member is not None
    (county.ids["message_id"],) = channels.put(
        by=Actor.system("test"),
        messages=[
            NewMessage(
                key=f"{member.id}:monthly:2026-03",
                channel="call_list",
                address="",
                text="请打电话联系一次。",
                recipient_kind="member",
                recipient_id=member.id,
                path=BRANCH.path,
            )
        ],
    )
    dispatching.run()
    said = messaging.say(
        by=SECRETARY,
        purpose="meeting_reminder",
        slot="2026-03",
        member_ids=[member.id],
        facts={},
    )
    reply_id = uuid4()
    Reply.objects.create(
        id=reply_id,
        member_id=member.id,
        path=BRANCH.path,
        channel="aliyun_sms",
        text=replying.sealed(reply_id, "收到，谢谢。"),
        at=timezone.now(),
    )
    county.ids |= {"saying_id": said.saying_id, "reply_id": reply_id, "purpose": "meeting"}


def _batch_of_township() -> UUID:
    batch = importing.read_upload(
        by=TOWNSHIP_OFFICER,
        organisation_id=TOWNSHIP.id,
        kind="moved-in",
        source=SAMPLES / "moved_in.xlsx",
        file_name="moved_in.xlsx",
    )
    return importing.preview(by=TOWNSHIP_OFFICER, batch_id=batch.id).id


def _account_of_meigu() -> tuple[UUID, UUID]:
    account = Account.objects.create(login="of-meigu", name="阿衣", password="unusable")
    grant = _grant(account, "liaison", OFFICIALS["liaison"])
    return account.id, grant.id


def _approver_that_waits(account_id: object) -> UUID:
    """Proposed by a second security administrator of the county, who has no browser here."""
    return GrantProposal.objects.create(
        account_id=account_id,
        role="approver",
        organisation_id=MEIGU.id,
        path=MEIGU.path,
        valid_from=date(2020, 1, 1),
        reason="轮岗",
        proposed_by_id=uuid4(),
        proposed_by="安在先",
        proposed_by_path=MEIGU.path,
        proposed_at=timezone.now(),
    ).id


def _grant(account: Account, role: str, at: Actor) -> Grant:
    return Grant.objects.create(
        account=account,
        role=role,
        organisation_id=at.organisation_id,
        path=at.path,
        valid_from=date(2020, 1, 1),
    )


def _browser(name: str, member: MemberFacts) -> Client:
    client = Client(raise_request_exception=False)
    if name == "anybody":
        return client
    session = client.session
    device: dict[str, object] = {}
    if name == "member":
        session["member"] = str(member.id)
        device["member_id"] = member.id
    else:
        actor = PEOPLE[name]
        assert actor is not None
        is_another = name in ("no_organisation", "no_grant")
        account = Account.objects.create(
            id=uuid4() if is_another else actor.account_id,
            login=f"of-{name}",
            name=actor.name,
            password="unusable",
        )
        if name != "no_grant":
            for role in actor.roles:
                _grant(account, role, actor)
        session["account"] = str(account.id)
        # Without a choice among several grants, a person stands at no organisation yet.
        session["organisation"] = "" if name == "no_organisation" else str(actor.organisation_id)
        device["account_id"] = account.id
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    Device.objects.create(
        session_key=session.session_key, description="test", seen_at=timezone.now(), **device
    )
    return client
