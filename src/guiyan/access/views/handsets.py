"""Phones of field work: ended by their holder, or by the administrator of accounts."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guiyan.access import handsets
from guiyan.platform.pages import Request, see_other, staff
from guiyan.platform.permissions import Permission


@staff()
@require_POST
def revoke_own(request: Request, handset_id: UUID) -> HttpResponse:
    handsets.revoke_handset(by=request.actor, handset_id=handset_id)
    return see_other("access:account")


@staff(Permission.ADMINISTER_ACCOUNTS)
@require_POST
def revoke_of_account(request: Request, account_id: UUID, handset_id: UUID) -> HttpResponse:
    handsets.revoke_handset_of(by=request.actor, account_id=account_id, handset_id=handset_id)
    return see_other("access:account_detail", account_id)
