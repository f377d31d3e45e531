"""The report of a round, on paper and as a workbook."""

from uuid import UUID

from django.http import HttpResponse

from guiyan.outreach.census import report
from guiyan.outreach.census.views.rounds import own_round, pdf
from guiyan.platform.pages import Request, staff
from guiyan.platform.permissions import Permission

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff(Permission.SEE_CENSUS)
def printed(request: Request, round_id: UUID) -> HttpResponse:
    told = report.report_of(request.actor, own_round(request.actor, round_id))
    return pdf(report.printed(request.actor, told), "census-report")


@staff(Permission.SEE_CENSUS)
def workbook(request: Request, round_id: UUID) -> HttpResponse:
    round_ = own_round(request.actor, round_id)
    told = report.report_of(request.actor, round_, listing=report.IN_WORKBOOK)
    content = report.workbook(request.actor, told)
    headers = {
        "Content-Disposition": 'attachment; filename="census-report.xlsx"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=_SHEET, headers=headers)
