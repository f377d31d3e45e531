"""Addresses of field's pages for staff; a phone's own page stands in shell_urls."""

from django.urls import path

from guiyan.field import views

app_name = "field"

urlpatterns = [
    path("w/field/inbox", views.inbox, name="inbox"),
    path("w/field/inbox/accept", views.accept, name="accept"),
    path("w/field/inbox/decline", views.decline, name="decline"),
    path("w/field/conflicts", views.conflicts, name="conflicts"),
    path("w/field/conflicts/choose", views.choose, name="choose"),
    path("w/field/devices", views.devices, name="devices"),
    path("w/field/devices/<uuid:handset_id>/revoke", views.revoke_phone, name="revoke_phone"),
    path("w/field/handover", views.hand_over, name="handover"),
]
