"""Every write of flows: opening cases, their steps, placing, leads, letters."""

from guiyan.flows.commands.leads import (
    discard_leads,
    discard_suspicious_leads,
    erase_dead_leads,
    lead_became_case,
    read_lead,
    take_lead,
)
from guiyan.flows.commands.letters import issue_letter, record_reply, withdraw_letter
from guiyan.flows.commands.opening import Opening, claim_case, declare_case, open_cases, undo_batch
from guiyan.flows.commands.placing import close_sitting, open_sitting, place_members
from guiyan.flows.commands.steps import (
    complete_transfer,
    mark_contact_lost,
    move_on,
    notify_host,
    take_step,
)

__all__ = [
    "Opening",
    "claim_case",
    "close_sitting",
    "complete_transfer",
    "declare_case",
    "discard_leads",
    "discard_suspicious_leads",
    "erase_dead_leads",
    "issue_letter",
    "lead_became_case",
    "mark_contact_lost",
    "move_on",
    "notify_host",
    "open_cases",
    "open_sitting",
    "place_members",
    "read_lead",
    "record_reply",
    "take_lead",
    "take_step",
    "undo_batch",
    "withdraw_letter",
]
