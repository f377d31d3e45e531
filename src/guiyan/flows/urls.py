"""Addresses of flows: /w/ for staff, /v/ for the check of a printed paper. No name stands in one."""

from django.urls import path

from guiyan.flows.views import (
    cases,
    check_in,
    leads,
    letters,
    opening,
    papers,
    placement,
    receiving,
    sittings,
)

app_name = "flows"
urlpatterns = [
    path("r/<slug:code>", check_in.check_in, name="check_in"),
    path("r/<slug:code>/taken", check_in.check_in_taken, name="check_in_taken"),
    path("w/leads", leads.leads, name="leads"),
    path("w/leads/new", receiving.take_lead, name="take_lead"),
    path("w/leads/taken", receiving.lead_taken, name="lead_taken"),
    path("w/leads/discard", leads.discard, name="discard_leads"),
    path("w/leads/discard-suspicious", leads.discard_suspicious, name="discard_suspicious"),
    path("w/leads/<uuid:lead_id>", leads.lead, name="lead"),
    path("w/leads/<uuid:lead_id>/verify", leads.verify, name="verify_lead"),
    path("w/desk/new", receiving.receive, name="receive"),
    path("w/cases/<uuid:case_id>/slip", receiving.slip, name="slip"),
    path("w/members/<uuid:member_id>/declare", opening.declare, name="declare"),
    path("w/members/<uuid:member_id>/claim", opening.claim, name="claim"),
    path("w/answers", cases.answers, name="answers"),
    path("w/cases/<uuid:case_id>", cases.case, name="case"),
    path("w/cases/<uuid:case_id>/step/<slug:act>", cases.step, name="step"),
    path("w/cases/<uuid:case_id>/notify", cases.notify, name="notify"),
    path("w/cases/<uuid:case_id>/move-on", cases.move_on, name="move_on"),
    path("w/cases/<uuid:case_id>/contact-lost", cases.contact_lost, name="contact_lost"),
    path("w/cases/<uuid:case_id>/place", placement.place, name="place"),
    path("w/cases/<uuid:case_id>/undo-placement", placement.undo, name="undo_placement"),
    path("w/cases/<uuid:case_id>/transfer", letters.transfer, name="transfer"),
    path("w/cases/<uuid:case_id>/letters/new", letters.issue, name="issue"),
    path("w/letters/<uuid:letter_id>", letters.letter, name="letter"),
    path("w/letters/<uuid:letter_id>.pdf", letters.printed, name="letter_pdf"),
    path("w/letters/<uuid:letter_id>/reply", letters.reply, name="letter_reply"),
    path("w/letters/<uuid:letter_id>/withdraw", letters.withdraw, name="letter_withdraw"),
    path("v/<str:token>", papers.verify, name="verify"),
    path("w/organisations/<uuid:organisation_id>/poster.pdf", papers.poster, name="poster"),
    path(
        "w/organisations/<uuid:organisation_id>/letter.pdf", papers.open_letter, name="open_letter"
    ),
    path("w/placement", placement.unplaced, name="placement"),
    path("w/sittings/new", sittings.new, name="new_sitting"),
    path("w/sittings/<uuid:sitting_id>", sittings.sitting, name="sitting"),
    path("w/sittings/<uuid:sitting_id>/minutes.pdf", sittings.minutes, name="minutes"),
]
