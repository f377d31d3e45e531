"""Letters, introductions and certificates: issue, print, record the slip, withdraw; a transfer."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guiyan.flows import commands, papers, queries, words
from guiyan.flows.forms import LetterForm, ReplyForm, TransferForm, WithdrawForm
from guiyan.orgs import queries as org_queries
from guiyan.platform.errors import Conflict
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission


def pdf(content: bytes, name: str) -> HttpResponse:
    """A paper to print; its name bears a number, never a person's."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@staff(Permission.ISSUE_DOCUMENTS)
def issue(request: Request, case_id: UUID) -> HttpResponse:
    """A new paper for a case, with the next number of this organisation."""
    case = queries.get_case_for(request.actor, case_id)
    addressee = case.host_text or case.home_text
    if case.host_organisation_id and case.home_organisation_id == request.actor.organisation_id:
        addressee = org_queries.organisation(case.host_organisation_id).name
    form = LetterForm(request.POST or None, initial={"to_text": addressee})
    if request.method == "POST" and form.is_valid():
        letter_id = commands.issue_letter(by=request.actor, case_id=case_id, **form.cleaned_data)
        return see_other("flows:letter", letter_id)
    return page(request, "flows/issue.html", case=case, form=form)


@staff(Permission.ISSUE_DOCUMENTS)
def transfer(request: Request, case_id: UUID) -> HttpResponse:
    """The introduction and the beginning of the transfer, in one."""
    case = queries.get_case_for(request.actor, case_id)
    form = TransferForm(
        request.POST or None, initial={"version": case.version, "to_text": case.host_text}
    )
    if request.method == "POST" and form.is_valid():
        try:
            letter_id = commands.begin_transfer(
                by=request.actor, case_id=case_id, **form.cleaned_data
            )
            return see_other("flows:letter", letter_id)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
            return page(request, "flows/transfer.html", 409, case=case, form=form)
    return page(request, "flows/transfer.html", case=case, form=form)


@staff(Permission.SEE_CASES)
def letter(request: Request, letter_id: UUID) -> HttpResponse:
    """One paper: print it, write down its slip, or withdraw it."""
    actor = request.actor
    facts = queries.get_letter_for(actor, letter_id)
    issuer = org_queries.organisation(facts.issuer_organisation_id)
    is_ours = actor.scope.covers(issuer.path) and actor.may(Permission.ISSUE_DOCUMENTS)
    return page(
        request,
        "flows/letter.html",
        letter=facts,
        kind=words.KIND[facts.kind],
        answered=words.REPLY.get(facts.reply, ""),
        may_answer=is_ours and not facts.replied_on and facts.reply_by and not facts.withdrawn_on,
        may_withdraw=is_ours and not facts.withdrawn_on,
        reply_form=ReplyForm(),
        withdraw_form=WithdrawForm(),
    )


@staff(Permission.SEE_CASES)
def printed(request: Request, letter_id: UUID) -> HttpResponse:
    """The paper as PDF; who printed it stands in the audit."""
    facts = commands.note_printing(by=request.actor, letter_id=letter_id)
    return pdf(papers.printed_letter(request.actor, facts), facts.number)


@staff(Permission.ISSUE_DOCUMENTS)
@require_POST
def reply(request: Request, letter_id: UUID) -> HttpResponse:
    facts = queries.get_letter_for(request.actor, letter_id)
    form = ReplyForm(request.POST)
    if form.is_valid():
        commands.record_reply(
            by=request.actor, letter_id=letter_id, reply=form.cleaned_data["reply"]
        )
        return see_other("flows:case", facts.case_id)
    return see_other("flows:letter", letter_id)


@staff(Permission.ISSUE_DOCUMENTS)
@require_POST
def withdraw(request: Request, letter_id: UUID) -> HttpResponse:
    facts = queries.get_letter_for(request.actor, letter_id)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        commands.withdraw_letter(
            by=request.actor, letter_id=letter_id, reason=form.cleaned_data["reason"]
        )
    return see_other("flows:letter", facts.id)
