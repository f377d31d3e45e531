"""Papers for anybody: the check of a printed code, and an organisation's poster and open letter."""

from uuid import UUID

from django.http import HttpResponse

from guiyan.flows import papers, verifying, words
from guiyan.flows.views.letters import pdf
from guiyan.orgs import queries as org_queries
from guiyan.platform.pages import Request, page, public, staff
from guiyan.platform.permissions import Permission


@public
def verify(request: Request, token: str) -> HttpResponse:
    """Whether a paper is genuine, withdrawn or expired; of the person only a masked name."""
    paper = verifying.verified_paper(token)
    return page(request, "flows/verify.html", paper=paper, kind=words.KIND[paper.kind])


@staff(Permission.SEE_ORGANISATIONS)
def poster(request: Request, organisation_id: UUID) -> HttpResponse:
    """The poster with the organisation's own code."""
    organisation = org_queries.get_organisation_for(request.actor, organisation_id)
    return pdf(papers.printed_poster(organisation), f"poster-{organisation.code}")


@staff(Permission.SEE_ORGANISATIONS)
def open_letter(request: Request, organisation_id: UUID) -> HttpResponse:
    """The open letter with the organisation's own code."""
    organisation = org_queries.get_organisation_for(request.actor, organisation_id)
    return pdf(
        papers.printed_open_letter(request.actor, organisation), f"letter-{organisation.code}"
    )
