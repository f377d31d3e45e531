"""A person who was found, or who stands at the desk, is received: file, stay and lead in one act."""

from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.flows.commands.leads import lead_became_case
from guiyan.flows.commands.opening import claim_case
from guiyan.flows.models import Lead
from guiyan.flows.types import CaseFacts, Stay
from guiyan.members import commands as member_commands
from guiyan.members.types import NewMember
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.permissions import Permission


@command(Permission.ANSWER_CASES)
def receive_person(
    *,
    by: Actor,
    host_organisation_id: UUID,
    stay: Stay,
    new: NewMember | None = None,
    member_id: UUID | None = None,
    consents: tuple[str, ...] = (),
    lead_id: UUID | None = None,
    reason: str = "",
) -> CaseFacts:
    """Somebody whose ID number a person has seen gets one file and one claimed stay; a lead that
    led there is answered. All of it or none.

    `new` opens a file, `member_id` names one that is there. `consents` are purposes that were
    signed on paper. Raises Duplicate for a number on file, Refused "already-away" for an open
    stay, Refused "answered" for a lead that somebody else has decided.
    """
    if lead_id is not None:
        _refuse_answered(lead_id)
    if member_id is None:
        if new is None:
            raise ValueError("either a new file or one that is there")
        member_id = member_commands.register_member(by=by, new=new, reason=reason).id
    for purpose in consents:
        member_commands.record_consent(
            by=by, member_id=member_id, purpose=purpose, how="paper", is_given=True, reason=reason
        )
    case = claim_case(
        by=by,
        member_id=member_id,
        stay=stay,
        host_organisation_id=host_organisation_id,
        lead_id=lead_id,
    )
    if lead_id is not None:
        lead_became_case(by=by, lead_id=lead_id, case_id=case.id)
    audit.note(subject_kind="case", subject_id=case.id, member_id=member_id, door=_door(lead_id))
    return case


def _door(lead_id: UUID | None) -> str:
    return "lead" if lead_id else "desk"


def _refuse_answered(lead_id: UUID) -> None:
    lead = Lead.objects.select_for_update().filter(id=lead_id).first()
    if lead is None:
        raise NotFound("lead")
    if lead.state != "to_verify":
        raise Refused("answered", _("这条线索已经有人核实过了。请回到线索列表看结果。"))
