"""Addresses of keeping in touch."""

from django.urls import path

from guiyan.liaison import views

app_name = "liaison"
urlpatterns = [
    path("w/mine", views.my_members, name="my_members"),
    path("w/cases/<uuid:case_id>/contact", views.record_contact, name="record_contact"),
    path("w/cases/<uuid:case_id>/contact/recorded", views.recorded, name="recorded"),
    path("w/cases/<uuid:case_id>/contact-person", views.assign, name="assign"),
]
