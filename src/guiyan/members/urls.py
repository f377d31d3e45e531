"""Addresses of the file: /w/ for staff, /me/ for the member. No name or number stands in one."""

from django.urls import path

from guiyan.members import own_views, review_views, views

app_name = "members"
urlpatterns = [
    path("w/members", views.members, name="members"),
    path("w/members/new", views.new, name="new"),
    path("w/members/<uuid:member_id>", views.file, name="file"),
    path("w/members/<uuid:member_id>/change", views.change, name="change"),
    path("w/members/<uuid:member_id>/identity", views.identity, name="identity"),
    path(
        "w/members/<uuid:member_id>/identity/<uuid:field_id>/end",
        views.end_identity,
        name="end_identity",
    ),
    path(
        "w/members/<uuid:member_id>/identity/<uuid:field_id>/sign-in",
        views.number_sign_in,
        name="number_sign_in",
    ),
    path("w/members/<uuid:member_id>/reveal/<uuid:field_id>", views.reveal, name="reveal"),
    path("w/members/<uuid:member_id>/consents", views.consents, name="consents"),
    path("w/members/<uuid:member_id>/merge", review_views.merge, name="merge"),
    path(
        "w/members/<uuid:member_id>/merges/<uuid:merge_id>/undo",
        review_views.undo_merge,
        name="undo_merge",
    ),
    path("w/duplicates", review_views.duplicates, name="duplicates"),
    path("w/duplicates/<uuid:review_id>", review_views.duplicate, name="duplicate"),
    path("w/corrections", review_views.corrections, name="corrections"),
    path("w/corrections/<uuid:correction_id>", review_views.correction, name="correction"),
    path("me/", own_views.me, name="me"),
    path("me/file", own_views.own_file, name="own_file"),
    path("me/why", own_views.why_stored, name="why"),
    path("me/openings", own_views.own_openings, name="own_openings"),
    path("me/copy.json", own_views.copy, name="copy"),
    path("me/print", own_views.printed, name="print"),
    path("me/corrections", own_views.own_corrections, name="own_corrections"),
    path("me/consents", own_views.own_consents, name="own_consents"),
]
