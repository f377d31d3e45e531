"""Pages of keeping in touch: my members, the choice of a contact person."""

from uuid import UUID

from django.http import HttpResponse

from guiyan.flows import queries as flow_queries
from guiyan.kernel.keyset import CursorBroken
from guiyan.liaison import commands, queries
from guiyan.liaison.forms import ContactPersonForm
from guiyan.liaison.keeping import OWN_LIST, is_in_scope
from guiyan.liaison.pairing import queries as pairing_queries
from guiyan.liaison.pairing.types import OverLimit
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope


@staff(Permission.RECORD_CONTACT)
def my_members(request: Request) -> HttpResponse:
    """Those whom the signed-in person keeps in touch with, and when each was last reached."""
    try:
        cases, next_cursor = queries.my_members(request.actor, request.GET.get("cursor", ""))
    except CursorBroken:
        return see_other("liaison:my_members")
    with beyond_scope(OWN_LIST):
        last = queries.last_contacts_of(request.actor, [case.id for case in cases])
    rows = [(case, last.get(case.id), is_in_scope(request.actor, case)) for case in cases]
    return page(request, "liaison/my_members.html", rows=rows, next_cursor=next_cursor)


@staff(Permission.ASSIGN_CONTACT_PERSON)
def assign(request: Request, case_id: UUID) -> HttpResponse:
    case = flow_queries.get_case_for(request.actor, case_id)
    candidates = queries.candidates_for(request.actor, case.id)
    form = ContactPersonForm(request.POST or None, candidates=candidates)
    over: list[OverLimit] = []
    if request.method == "POST" and form.is_valid():
        account_id = UUID(form.cleaned_data["account_id"])
        over = pairing_queries.beyond_limit(request.actor, {account_id: 1})
        if not over or request.POST.get("over", "") == pairing_queries.as_known(over):
            commands.assign_contact_person(
                by=request.actor,
                case_id=case.id,
                account_id=account_id,
                hand_over_note=form.cleaned_data["hand_over_note"],
            )
            return see_other("flows:case", case.id)
    return page(
        request,
        "liaison/assign.html",
        case=case,
        form=form,
        candidates=candidates,
        over=over,
        over_known=pairing_queries.as_known(over),
        present=queries.contact_person_of(request.actor, case.id),
    )
