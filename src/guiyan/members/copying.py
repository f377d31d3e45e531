"""The member's copy of their own file, complete and readable by a program (PIPL art. 45)."""

from typing import Any

from guiyan.members import queries, showing, timeline, vault
from guiyan.members.models import Consent, Correction, VaultField
from guiyan.members.types import MemberFacts
from guiyan.platform.actor import Actor

_EVERY_OPENING = 10_000


def whole_file(actor: Actor, facts: MemberFacts, *, in_full: bool) -> dict[str, Any]:
    """Plain values with their days. Numbers and addresses in full where somebody has looked the
    member in the face, at the desk; by their masks for a code on a phone, which proves less (ADR 8).
    """
    return {
        "name": facts.name,
        "sex": facts.sex,
        "born_on": facts.born_on,
        "ethnicity": facts.ethnicity,
        "category": facts.category,
        "joined_on": facts.joined_on,
        "joined_precision": facts.joined_precision,
        "trade": facts.trade,
        "languages": list(facts.languages),
        "reads": list(facts.reads),
        "has_phone": facts.has_phone,
        "reads_little": facts.reads_little,
        "identity": _identity(facts, in_full=in_full),
        "history": _history(actor, facts),
        "consents": list(
            Consent.objects.filter(member_id=facts.id)
            .order_by("given_on")
            .values("purpose", "notice_version", "given_how", "given_on", "withdrawn_on")
        ),
        "corrections": _corrections(facts),
        "openings": [
            {
                "at": entry.at,
                "what": entry.text,
                "who": entry.who,
                "organisation": entry.organisation,
                "reason": entry.reason,
            }
            for entry in timeline.openings_of(actor, facts.id, limit=_EVERY_OPENING)
        ],
    }


def _identity(facts: MemberFacts, *, in_full: bool) -> list[dict[str, Any]]:
    rows = VaultField.objects.filter(member_id=facts.id).order_by("kind", "valid_from")
    return [
        {
            "kind": row.kind,
            "value": vault.open_value(row) if in_full else row.mask,
            "whose": row.whose,
            "relation": row.relation,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        }
        for row in rows
    ]


def _history(actor: Actor, facts: MemberFacts) -> list[dict[str, Any]]:
    return [
        {
            "what": interval.what,
            "value": showing.interval_value(interval),
            "valid_from": interval.valid_from,
            "valid_to": interval.valid_to,
        }
        for interval in queries.intervals_of(actor, facts.id)
    ]


def _corrections(facts: MemberFacts) -> list[dict[str, Any]]:
    rows = Correction.objects.filter(member_id=facts.id).order_by("asked_at")
    return [
        {
            "field": row.field,
            "wish": vault.open_wish(row) if row.sealed_wish else "",
            "asked_at": row.asked_at,
            "answer_by": row.answer_by,
            "answer": row.answer,
            "answer_reason": row.answer_reason,
            "answered_at": row.answered_at,
        }
        for row in rows
    ]
