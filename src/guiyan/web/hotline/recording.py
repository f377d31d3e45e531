"""From a call to what follows: the rooms' commands in one transaction."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guiyan.flows import queries as flows
from guiyan.flows.types import CaseFacts
from guiyan.liaison import commands as liaison
from guiyan.liaison import queries as contacts
from guiyan.liaison.six_clears import commands as six_clears
from guiyan.members import queries as members
from guiyan.outreach.hotline import commands as hotline
from guiyan.outreach.hotline import queries as calls
from guiyan.outreach.hotline.types import NewCall, PassedCall, Recipient
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped
from guiyan.web import commands as web
from guiyan.web.hotline.forms import PassedForm

PASSES = ("help", "pack")


def take(by: Actor, point_id: UUID, call: NewCall) -> UUID:
    """The call is written down. A request of somebody with a file in the operator's part of the tree
    waits for who may speak about it; anybody else's is a lead. The operator gets the same answer."""
    with transaction.atomic():
        if call.kind == "complaint" and call.said:
            _point, path = calls.hotline_for(by, point_id)
            web.send_feedback(by=by, text=call.said, path=path, page="hotline")
        to = _recipient(by, call) if call.kind in PASSES else None
        return hotline.take_call(by=by, point_id=point_id, call=call, passes_to=to)


def _recipient(by: Actor, call: NewCall) -> Recipient | None:
    """Who answers for the one file with this number, found within the operator's scope and told to
    nobody here; None when there is none, several, or no stay with a side in scope."""
    program = Actor.system(_("热线转办"))
    number = calls.number_of(by, call)
    with scoped(by.scope):  # the rows are the operator's, whoever reads them
        found = members.find_by_phone(program, number) if number else []
        case = flows.open_case_of_member(program, found[0].id) if len(found) == 1 else None
        if case is None:
            return None
        sides = (
            (case.host_organisation_id, case.host_path),
            (case.home_organisation_id, case.home_path),
        )
        for organisation_id, path in sides:
            if organisation_id and path and by.scope.covers(path):
                keeper = contacts.contact_person_of(program, case.id)
                account_id = keeper.account_id if keeper and path == case.host_path else None
                return Recipient(
                    case.id,
                    case.member_id,
                    organisation_id,
                    path,
                    account_id,
                    is_host=path == case.host_path,
                )
    return None


def call_back(by: Actor, passed: PassedCall, case: CaseFacts, form: PassedForm) -> None:
    """The member was called back on the number on file: the contact, what they asked for, and the
    end of the call are kept together or not at all."""
    result = form.cleaned_data["result"]
    is_them = result == "reached"
    with transaction.atomic():
        contact_id = _contact(by, case, result)
        if result == "no":
            hotline.note_passed_try(by=by, call_id=passed.id)
            return
        if is_them and form.cleaned_data["asks_help"]:
            text = form.cleaned_data["text"]
            six_clears.note_clears(
                by=by,
                member_id=case.member_id,
                said=[six_clears.Said("difficulty", text, asks_help=True)],
                as_of=by.today,
                contact_id=contact_id,
                case_id=case.id,
            )
        hotline.close_passed(by=by, call_id=passed.id, outcome=result, contact_id=contact_id)


def _contact(by: Actor, case: CaseFacts, result: str) -> UUID | None:
    """The call as a contact of the stay; none where the stay is over and the home side called."""
    if not case.is_open:
        return None
    notes = {"reached": _("热线来电后回拨"), "not_them": _("热线来电不是本人打的，已告诉本人")}
    return liaison.record_contact(
        by=by,
        case_id=case.id,
        how="call",
        was_reached=result != "no",
        note=notes.get(result, ""),
        why_not="no_answer" if result == "no" else "",
    )


def answer_pack(by: Actor, case: CaseFacts, answer: str) -> None:
    """“Did you get your study pack?” is a contact, whatever is answered."""
    words = {"yes": _("问学习包：收到了"), "no": _("问学习包：没收到"), "missed": ""}
    was_reached = answer != "missed"
    with transaction.atomic():
        contact_id = liaison.record_contact(
            by=by,
            case_id=case.id,
            how="call",
            was_reached=was_reached,
            note=words[answer],
            why_not="" if was_reached else "no_answer",
        )
        if was_reached:
            hotline.record_pack_answer(
                by=by,
                case_id=case.id,
                has_it=answer == "yes",
                contact_id=contact_id,
            )
