"""Leads from every door: taken with what was said, verified by a person, or discarded with a reason."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID, uuid4

from django.db.models import Q, QuerySet

from guiyan.access.types import PHONE_INDEX_PURPOSE
from guiyan.flows import deadlines, rules
from guiyan.flows.models import Lead
from guiyan.flows.queries import lead_facts
from guiyan.flows.types import LeadFacts, LeadSaid
from guiyan.kernel.phones import mask_phone, read_phone
from guiyan.orgs import queries as org_queries
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission

PUBLIC_DOORS = frozenset({"qr"})


def seal_context(lead_id: UUID) -> str:
    return f"flows_lead.sealed.{lead_id}"


def number_said(lead: Lead) -> tuple[str, str] | None:
    """The number that a lead's blind index is made of, and the index's purpose."""
    if lead.sealed is None:
        return None
    plain = key_ring().open_sealed(bytes(lead.sealed), context=seal_context(lead.id))
    normal = getattr(read_phone(LeadSaid(**json.loads(plain)).phone), "normal", "")
    return (normal, PHONE_INDEX_PURPOSE) if normal else None


@command(None)
def take_lead(
    *,
    by: Actor,
    organisation_id: UUID,
    door: str,
    search_method: str,
    said: LeadSaid,
    notice_version: str = "",
    suspicion: str = "",
) -> LeadFacts:
    """Somebody says there may be a member. Nothing is looked up, so the answer can't tell.

    The public may come through the public door only; staff need TAKE_LEADS. A public lead is
    written into the inbox of the organisation on the poster.
    """
    if not (by.may(Permission.TAKE_LEADS) or (by.kind == "public" and door in PUBLIC_DOORS)):
        raise Forbidden("take_lead")
    if door not in rules.DOORS or search_method not in rules.SEARCH_METHODS:
        raise Refused("unknown-door", "线索来源不正确。请返回重新选择。")
    organisation = org_queries.organisation(organisation_id)
    lead_id = uuid4()
    phone = read_phone(said.phone)
    normal = getattr(phone, "normal", "")
    lead = Lead.objects.create(
        id=lead_id,
        organisation_id=organisation.id,
        path=organisation.path,
        door=door,
        search_method=search_method,
        sealed=key_ring().seal(
            json.dumps(asdict(said), ensure_ascii=False).encode(), context=seal_context(lead_id)
        ),
        shown_name=said.name[:50],
        phone_blind=key_ring().blind_index(normal, purpose=PHONE_INDEX_PURPOSE) if normal else None,
        phone_mask=mask_phone(normal) if normal else "",
        notice_version=notice_version,
        suspicion=suspicion,
        answer_by=deadlines.day_after("verify_lead_days", organisation.path, by.today),
    )
    audit.note(subject_kind="lead", subject_id=lead.id, door=door, suspicion=suspicion)
    return lead_facts(lead)


@command(Permission.SCREEN_LEADS)
def read_lead(*, by: Actor, lead_id: UUID) -> LeadSaid:
    """Open what was said, to call back or to verify; the opening is in the audit before it is shown."""
    lead = _lead(lead_id)
    audit.note(subject_kind="lead", subject_id=lead.id)
    if lead.sealed is None:
        raise Refused("erased", "这条线索的个人信息已按期清除。")
    plain = key_ring().open_sealed(bytes(lead.sealed), context=seal_context(lead.id))
    return LeadSaid(**json.loads(plain))


@command(Permission.SCREEN_LEADS)
def lead_became_case(*, by: Actor, lead_id: UUID, case_id: UUID) -> LeadFacts:
    """A person has verified the lead and a case was opened from it."""
    lead = _lead(lead_id)
    lead.state, lead.case_id, lead.decided_at = "became_case", case_id, now()
    lead.save(update_fields=["state", "case_id", "decided_at"])
    audit.note(subject_kind="lead", subject_id=lead.id, case_id=str(case_id))
    return lead_facts(lead)


@command(Permission.SCREEN_LEADS)
def discard_leads(*, by: Actor, lead_ids: Sequence[UUID], reason: str) -> int:
    """Leads die with a reason, one or many in one action; returns how many were still open."""
    if reason not in rules.DEAD_REASONS:
        raise Refused("no-reason", "请选择排除这些线索的原因。")
    return _discard(Lead.objects.filter(id__in=list(lead_ids), state="to_verify"), reason)


@command(Permission.SCREEN_LEADS)
def discard_suspicious_leads(*, by: Actor) -> int:
    """All leads of the inbox that look like a machine's go in one action."""
    return _discard(Lead.objects.filter(~Q(suspicion=""), state="to_verify"), "machine")


def _discard(leads: QuerySet[Lead], reason: str) -> int:
    ids = list(leads.values_list("id", flat=True))
    Lead.objects.filter(id__in=ids).update(state="dead", dead_reason=reason, decided_at=now())
    for lead_id in ids:
        audit.note(subject_kind="lead", subject_id=lead_id, dead_reason=reason)
    return len(ids)


@command(None)
def erase_dead_leads(*, by: Actor) -> int:
    """What was said in a decided lead is erased after the days of `lead_erase_days` (30): it led
    nowhere, or stands in the member's file by now. The fact that there was one, its door and its
    reason stay for the statistics."""
    days = org_queries.parameter("lead_erase_days", path="", on=by.today).value
    due = Lead.objects.filter(
        state__in=("dead", "became_case"),
        erased_at__isnull=True,
        decided_at__lt=now() - timedelta(days=days),
    )
    count = due.update(sealed=None, shown_name="", phone_blind=None, phone_mask="", erased_at=now())
    audit.note(subject_kind="lead", erased=count)
    return count


def _lead(lead_id: UUID) -> Lead:
    lead = Lead.objects.select_for_update().filter(id=lead_id).first()
    if lead is None:
        raise NotFound("lead")
    return lead
