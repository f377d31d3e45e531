"""Every write of flows: opening cases, their steps, placing, leads, letters."""

from guiyan.flows.commands.leads import (
    discard_leads,
    discard_suspicious_leads,
    erase_dead_leads,
    lead_became_case,
    read_lead,
    take_lead,
)
from guiyan.flows.commands.letters import (
    begin_transfer,
    issue_letter,
    note_printing,
    record_reply,
    withdraw_letter,
)
from guiyan.flows.commands.opening import Opening, claim_case, declare_case, open_cases, undo_batch
from guiyan.flows.commands.placing import (
    close_sitting,
    hold_sitting,
    note_minutes,
    open_sitting,
    place_members,
)
from guiyan.flows.commands.receiving import receive_person
from guiyan.flows.commands.steps import (
    complete_transfer,
    mark_contact_lost,
    move_on,
    note_abroad,
    notify_host,
    take_step,
)
from guiyan.flows.commands.unplacing import undo_placement

__all__ = [
    "Opening",
    "begin_transfer",
    "claim_case",
    "close_sitting",
    "complete_transfer",
    "declare_case",
    "discard_leads",
    "discard_suspicious_leads",
    "erase_dead_leads",
    "hold_sitting",
    "issue_letter",
    "lead_became_case",
    "mark_contact_lost",
    "move_on",
    "note_abroad",
    "note_minutes",
    "note_printing",
    "notify_host",
    "open_cases",
    "open_sitting",
    "place_members",
    "read_lead",
    "receive_person",
    "record_reply",
    "take_lead",
    "take_step",
    "undo_batch",
    "undo_placement",
    "withdraw_letter",
]
