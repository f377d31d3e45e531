"""Accounts and grants for the security administrator; the audit for the audit administrator."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiyan.access import commands, queries
from guiyan.access.audit_reading import audit_page
from guiyan.access.explaining import explain
from guiyan.access.forms import AccountForm, AuditFilterForm, GrantForm, ReasonForm, WhyForm
from guiyan.access.handsets import handsets_of_account
from guiyan.access.roles import ROLES, Role
from guiyan.access.types import ProposalFacts
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

_accounts = staff(Permission.ADMINISTER_ACCOUNTS)


@_accounts
@require_GET
def accounts(request: Request) -> HttpResponse:
    text, only_stale = (
        request.GET.get("q", "").replace("\0", "").strip(),
        bool(request.GET.get("stale")),
    )
    found = queries.accounts_for(request.actor, text=text, only_stale=only_stale)
    return page(
        request,
        "access/accounts.html",
        accounts=found,
        text=text,
        only_stale=only_stale,
        wishes=_wishes(request),
    )


@_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: Request) -> HttpResponse:
    form = AccountForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            opened = commands.open_account(by=request.actor, **form.cleaned_data)
            return page(request, "access/initial_password.html", opened=opened)
        except Refused as refusal:
            form.add_error("login" if "login" in refusal.code else None, _(refusal.message))
    return page(request, "access/new_account.html", form=form, roles=ROLES.values())


@_accounts
@require_GET
def account_detail(request: Request, account_id: UUID) -> HttpResponse:
    return _detail(request, account_id, GrantForm(actor=request.actor))


@_accounts
@require_POST
def grant_role(request: Request, account_id: UUID) -> HttpResponse:
    queries.account_for(request.actor, account_id)
    form = GrantForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            commands.grant_role(by=request.actor, account_id=account_id, **form.cleaned_data)
            return see_other("access:account_detail", account_id)
        except Refused as refusal:
            form.add_error(None, _(refusal.message))
    return _detail(request, account_id, form)


@_accounts
@require_POST
def confirm_grant(request: Request, proposal_id: UUID) -> HttpResponse:
    commands.confirm_grant(by=request.actor, proposal_id=proposal_id)
    return see_other("access:accounts")


@_accounts
@require_POST
def decline_grant(request: Request, proposal_id: UUID) -> HttpResponse:
    commands.decline_grant(by=request.actor, proposal_id=proposal_id, reason=_reason(request))
    return see_other("access:accounts")


@_accounts
@require_POST
def end_grant(request: Request, grant_id: UUID) -> HttpResponse:
    commands.end_grant(by=request.actor, grant_id=grant_id, reason=_reason(request))
    return see_other("access:accounts")


@_accounts
@require_POST
def reset_sign_in(request: Request, account_id: UUID) -> HttpResponse:
    opened = commands.reset_sign_in(
        by=request.actor, account_id=account_id, reason=_reason(request)
    )
    return page(request, "access/initial_password.html", opened=opened)


@_accounts
@require_POST
def unlock_account(request: Request, account_id: UUID) -> HttpResponse:
    commands.unlock_account(by=request.actor, account_id=account_id)
    return see_other("access:account_detail", account_id)


@_accounts
@require_POST
def close_account(request: Request, account_id: UUID) -> HttpResponse:
    commands.close_account(by=request.actor, account_id=account_id, reason=_reason(request))
    return see_other("access:account_detail", account_id)


@_accounts
@require_POST
def reopen_account(request: Request, account_id: UUID) -> HttpResponse:
    commands.reopen_account(by=request.actor, account_id=account_id, reason=_reason(request))
    return see_other("access:account_detail", account_id)


@_accounts
@require_GET
def why(request: Request, account_id: UUID) -> HttpResponse:
    """Why can, or can't, this person do that there?"""
    account = queries.account_for(request.actor, account_id)
    form = WhyForm(request.GET or None)
    explanation = None
    if form.is_bound and form.is_valid():
        explanation = explain(request.actor, account_id=account_id, **form.cleaned_data)
    return page(request, "access/why.html", account=account, form=form, explanation=explanation)


@staff(Permission.READ_AUDIT)
@require_GET
def audit(request: Request) -> HttpResponse:
    form = AuditFilterForm(request.GET)
    wish = form.cleaned_data if form.is_valid() else {}
    shown = audit_page(request.actor, cursor=request.GET.get("cursor", ""), **wish)
    following = request.GET.copy()
    following["cursor"] = shown.next
    return page(
        request,
        "access/audit.html",
        form=form,
        lines=shown.lines,
        next=f"?{following.urlencode()}" if shown.next else "",
    )


def _detail(request: Request, account_id: UUID, form: GrantForm) -> HttpResponse:
    account = queries.account_for(request.actor, account_id)
    held = [
        (grant, ROLES[grant.role], grant.holds_on(request.actor.today)) for grant in account.grants
    ]
    return page(
        request,
        "access/account_detail.html",
        account=account,
        held=held,
        form=form,
        handsets=handsets_of_account(request.actor, account_id),
        wishes=_wishes(request, account_id),
    )


def _wishes(request: Request, account_id: UUID | None = None) -> list[tuple[ProposalFacts, Role]]:
    wishes = queries.proposals_for(request.actor, account_id=account_id)
    return [(wish, ROLES[wish.role]) for wish in wishes]


def _reason(request: Request) -> str:
    """These acts are buttons beside a short reason, without a page of their own."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("reason", _("请先写明事由，再点按钮。"))
    return str(form.cleaned_data["reason"])
