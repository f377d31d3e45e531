"""A contact person's own list, as a phone takes it along to where there is no line.

One area: the account's own. A record is one member whom this person keeps in touch with: what is
due within which window, what helps to talk, as of when each of the six is known (never the words).
Never an ID number. Telephone numbers go along only for members who are due (docs/adr/0011).

The version is drawn from the content: when anything changes it is another one, and then every
record and every tombstone bears it, so that a phone of any version comes to the same list.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from guiyan.field import queries as field_queries
from guiyan.field.offline import AreaFacts, AreaOwner, PacketContent
from guiyan.field.queries import DueFacts
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseFacts
from guiyan.kernel.calendar import day_of
from guiyan.liaison import queries, rules
from guiyan.liaison.cadence.kinds import DOES, TALKED_IN
from guiyan.liaison.keeping import OWN_LIST, is_in_scope, kept_by, own_cases
from guiyan.liaison.models import ContactPerson, HelpNote, Leave, Relief, SixClear
from guiyan.liaison.six_clears import rules as clear_rules
from guiyan.liaison.six_clears.queries import STALE_AFTER
from guiyan.members import queries as member_queries
from guiyan.members import taking_along
from guiyan.members.types import MemberFacts, VaultFacts
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope

CODE = "contacts"
# A packet lasts 21 days: what opens meanwhile goes along.
AHEAD = timedelta(days=21)
# A whole number that every JavaScript holds exactly.
_VERSION_BYTES = 6
# A phone takes along so many members; more than that is nobody's day, and slow to seal.
_MOST = 1_000
_MOST_DUES = 10 * _MOST
_GONE_FOR = timedelta(days=60)
_NOTES_FOR = timedelta(days=60)
_OWN_HISTORY = "a phone is told which members went to another contact person, wherever they are"
_NEW_OWNER = "who keeps in touch with a member now, asked for a contact that comes too late"

Record = dict[str, Any]


def areas_for(actor: Actor) -> list[AreaFacts]:
    """One's own list, if there is anybody on it; its name says so when it is not all of it."""
    records, left_out = _records(actor)
    if actor.account_id is None or not records:
        return []
    return [
        AreaFacts(actor.account_id, _name(len(records), left_out), len(records), _version(records))
    ]


def build(actor: Actor, area_id: UUID) -> PacketContent:
    """The whole list with the numbers of those who are due. Raises NotFound for another's list."""
    if actor.account_id is None or area_id != actor.account_id:
        raise NotFound("list of contacts")
    records, _left_out = _records(actor)
    version = _version(records)
    numbers = _numbers(actor, records)
    for record in records:
        for phone in record["phones"]:
            phone |= numbers.get(phone["id"], {})
        record["version"] = version
        del record["member_id"], record["part"]
    present = {record["id"] for record in records}
    gone = [one for one in _ever_on_the_list(actor) if str(one) not in present]
    return PacketContent(records, version, dict.fromkeys(gone, version))


def owner_of(case_id: UUID) -> AreaOwner | None:
    """Who keeps in touch with this member now: their list, at the member's branch."""
    with beyond_scope(_NEW_OWNER):
        try:
            case = flow_queries.get_case_for(Actor.system(CODE), case_id)
        except NotFound:
            return None
        person = ContactPerson.objects.filter(case_id=case_id, valid_to__isnull=True).first()
    if case.host_organisation_id is None or case.host_path is None:
        return None
    area_id = person.acting_account_id if person else None
    return AreaOwner(case.host_organisation_id, case.host_path, area_id)


def is_on_list(actor: Actor, case_id: UUID) -> bool:
    """Whether the actor keeps in touch with this member, or owes them something. Two queries."""
    if ContactPerson.objects.filter(kept_by(actor.account_id), case_id=case_id).exists():
        return True
    owed = field_queries.dues_of_subjects(actor, [case_id], actor.today).get(case_id, [])
    return any(due.owner_account_id == actor.account_id for due in owed)


def _records(actor: Actor) -> tuple[list[Record], int]:
    """Who is on the list, without numbers, and how many are left out. Twelve queries for any
    number of members. A phone takes so many along: who is due first, then by name."""
    if actor.account_id is None or not actor.may(Permission.SEE_CASES):
        return [], 0
    with beyond_scope(OWN_LIST):
        return _all_records(actor, actor.account_id)


def _all_records(actor: Actor, account_id: UUID) -> tuple[list[Record], int]:
    first = _dues(actor, None)
    mine = ContactPerson.objects.filter(kept_by(account_id))
    cases = own_cases(actor, first.keys() | set(mine.values_list("case_id", flat=True)))
    rows = flow_queries.cases_for(actor).filter(id__in=cases.keys())
    listed = list(rows.order_by("pinyin", "id").values_list("id", flat=True))
    listed.sort(key=lambda case_id: _need(first.get(case_id, []), actor.today))
    known = _Known(actor, [cases[case_id] for case_id in listed[:_MOST]])
    dues = first if len(listed) <= _MOST else _dues(actor, listed[:_MOST])
    records = [
        known.record(cases[case_id], file, dues.get(case_id, []))
        | {"part": _part_beyond(actor, cases[case_id])}
        for case_id in listed[:_MOST]
        if (file := known.files.get(cases[case_id].member_id)) is not None
    ]
    return records, len(listed[_MOST:])


def _part_beyond(actor: Actor, case: CaseFacts) -> str:
    """The part of the tree in which the actor acts for this member; empty within their own."""
    return "" if is_in_scope(actor, case) else case.host_path or case.home_path or ""


def _dues(actor: Actor, case_ids: Sequence[UUID] | None) -> dict[UUID, list[DueFacts]]:
    """What the actor owes, by stay; of a list that is too long only what is due first."""
    assert actor.account_id is not None
    until = actor.today + AHEAD
    dues: dict[UUID, list[DueFacts]] = {}
    for due in field_queries.dues_ahead(
        actor, actor.account_id, actor.today, until, case_ids=case_ids, limit=_MOST_DUES
    ):
        if due.case_id is not None:
            dues.setdefault(due.case_id, []).append(due)
    return dues


def _need(dues: Sequence[DueFacts], today: date) -> tuple[int, date]:
    """Who is due today by their earliest day, then who will be, then everybody else."""
    return min(((int(due.opens_on > today), due.due_on) for due in dues), default=(2, date.max))


def _name(shown: int, left_out: int) -> str:
    if not left_out:
        return _("我联系的党员")
    return _(
        "我联系的 %(all)s 名党员里，这里带了 %(shown)s 名，到期的在前；其余的有信号时上网页看"
    ) % {
        "all": shown + left_out,
        "shown": shown,
    }


class _Known:
    """What is known of these members, each kind of knowledge in one query."""

    def __init__(self, actor: Actor, cases: Sequence[CaseFacts]) -> None:
        case_ids = [case.id for case in cases]
        member_ids = [case.member_id for case in cases]
        self._today = actor.today
        self.files = member_queries.members_by_id(actor, member_ids)
        self._points = member_queries.contact_points_of(actor, member_ids)
        self._last = queries.last_contacts_of(actor, case_ids)
        self._relief = _reliefs(member_ids, actor.today)
        self._clears = _clears(actor, cases)
        self._notes = _notes(case_ids, actor.today)

    def record(self, case: CaseFacts, file: MemberFacts, dues: Sequence[DueFacts]) -> Record:
        points = self._points.get(case.member_id, [])
        last = self._last.get(case.id)
        return {
            "id": str(case.id),
            "member_id": str(case.member_id),
            "name": case.member_name,
            "trade": case.trade,
            "languages": list(file.languages),
            "reads_little": file.reads_little,
            "address": next((one.mask for one in points if one.kind == "address"), ""),
            "phones": [_phone(one) for one in points if one.kind == "phone"],
            "owed": [_owed(due) for due in dues],
            "last": {"on": day_of(last.at).isoformat(), "how": last.how} if last else None,
            "relief": self._relief.get(case.member_id),
            "clears": self._clears.get(case.member_id, {}),
            "note": self._notes.get(case.id, ""),
        }


def _phone(point: VaultFacts) -> Record:
    return {
        "id": str(point.id),
        "mask": point.mask,
        "relation": point.relation,
        "is_shared": rules.speaks_to_others(point.whose),
    }


def _owed(due: DueFacts) -> Record:
    """One thing that is due with its window, and which contacts do it, so that the phone need not
    know the rule."""
    needs_talk = due.kind == "talk"
    ways = TALKED_IN if needs_talk else [how for how, done in DOES.items() if due.kind in done]
    return {
        "kind": due.kind,
        "opens_on": due.opens_on.isoformat(),
        "due_on": due.due_on.isoformat(),
        "expires_on": due.expires_on.isoformat() if due.expires_on else None,
        "ways": sorted(ways),
        "needs_talk": needs_talk,
    }


def _reliefs(member_ids: Sequence[UUID], today: date) -> Mapping[UUID, Record]:
    rows = Relief.objects.filter(member_id__in=member_ids, starts_on__lte=today)
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    return {
        row.member_id: {
            "is_exempt": row.is_exempt,
            "until": row.ends_on.isoformat() if row.ends_on else "",
        }
        for row in rows
    }


def _clears(actor: Actor, cases: Sequence[CaseFacts]) -> Mapping[UUID, Record]:
    """As of when each of the six is known, and whether it is to be asked again. The words of it
    stay at the server."""
    rows = SixClear.objects.filter(member_id__in=[case.member_id for case in cases])
    newest = rows.order_by("member_id", "code", "-as_of", "-at").distinct("member_id", "code")
    paths = {case.member_id: case.host_path or case.home_path or "" for case in cases}
    months = {
        path: org_queries.parameter(STALE_AFTER, path=path, on=actor.today).value
        for path in set(paths.values())
    }
    found: dict[UUID, Record] = {}
    for member_id, code, as_of in newest.values_list("member_id", "code", "as_of"):
        stale = clear_rules.is_stale(as_of, on=actor.today, months=months[paths[member_id]])
        found.setdefault(member_id, {})[code] = {"as_of": as_of.isoformat(), "is_stale": stale}
    return found


def _notes(case_ids: Sequence[UUID], today: date) -> Mapping[UUID, str]:
    """The last word of the secretary to the contact person."""
    rows = HelpNote.objects.filter(case_id__in=case_ids, at__date__gte=today - _NOTES_FOR)
    newest = rows.exclude(note="").order_by("case_id", "-at").distinct("case_id")
    return dict(newest.values_list("case_id", "note"))


def _numbers(actor: Actor, records: Sequence[Record]) -> dict[str, Record]:
    """Numbers of those who are due, the longest due first, as far as the day's limit reaches: of
    one's own part of the tree, then of members elsewhere whom one keeps in touch with."""
    today = actor.today.isoformat()
    due = [
        (record["part"], min(one["due_on"] for one in open_now), record["member_id"])
        for record in records
        if (open_now := [one for one in record["owed"] if one["opens_on"] <= today])
        and record["phones"]
    ]
    if not due or not actor.may(Permission.REVEAL_IDENTITY):
        return {}
    numbers: dict[str, Record] = {}
    for part, some in groupby(sorted(due), key=itemgetter(0)):
        taken = taking_along.take_numbers_along(
            by=replace(actor, path=part) if part else actor,
            member_ids=[UUID(member_id) for _part, _day, member_id in some],
            reason="contact",
        )
        for one in chain.from_iterable(taken.values()):
            numbers[str(one.field_id)] = {"number": one.number, "shown": one.shown}
    return numbers


def _ever_on_the_list(actor: Actor) -> list[UUID]:
    """One's own of late, and those of whoever one stood in for of late. Two queries."""
    mine, since = actor.account_id or UUID(int=0), actor.today - _GONE_FOR
    with beyond_scope(_OWN_HISTORY):
        stood_in = Leave.objects.filter(stand_in_account_id=mine, ends_on__gte=since)
        for_whom = [mine, *stood_in.values_list("account_id", flat=True)]
        rows = ContactPerson.objects.filter(account_id__in=for_whom).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=since)
        )
        return list(rows.values_list("case_id", flat=True).distinct())


def _version(records: Sequence[Record]) -> int:
    """Never 0, which asks for the whole list."""
    text = json.dumps(records, ensure_ascii=False, sort_keys=True).encode()
    digest = hashlib.sha256(text).digest()
    return 1 + int.from_bytes(digest[:_VERSION_BYTES])
