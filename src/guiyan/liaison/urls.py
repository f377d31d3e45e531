"""Addresses of keeping in touch."""

from django.urls import path

from guiyan.liaison import views
from guiyan.liaison.cadence import views as cadence
from guiyan.liaison.pairing import views as pairing

app_name = "liaison"
urlpatterns = [
    path("w/mine", views.my_members, name="my_members"),
    path("w/today", cadence.today, name="today"),
    path("w/unreached", cadence.unreached, name="unreached"),
    path("w/cases/<uuid:case_id>/help", cadence.help_to_reach, name="help_to_reach"),
    path("w/cases/<uuid:case_id>/clears", cadence.clears, name="clears"),
    path("w/help/<uuid:clear_id>", cadence.answer_help, name="answer_help"),
    path("w/cadence", cadence.cadence, name="cadence"),
    path("w/members/<uuid:member_id>/relief", cadence.relief, name="relief"),
    path("w/members/<uuid:member_id>/relief/end", cadence.end_relief, name="end_relief"),
    path("w/cases/<uuid:case_id>/contact-person", views.assign, name="assign"),
    path("w/pairing", pairing.overview, name="pairing"),
    path("w/pairing/<uuid:draft_id>", pairing.draft, name="pairing_draft"),
    path("w/pairing/<uuid:draft_id>/people", pairing.by_person, name="pairing_by_person"),
    path(
        "w/pairing/people/<uuid:account_id>/<uuid:organisation_id>",
        pairing.availability,
        name="availability",
    ),
    path(
        "w/pairing/people/<uuid:account_id>/<uuid:organisation_id>/leave",
        pairing.leave,
        name="leave",
    ),
    path(
        "w/pairing/people/<uuid:account_id>/<uuid:organisation_id>/hand-over",
        pairing.hand_over,
        name="hand_over",
    ),
]
