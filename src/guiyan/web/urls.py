"""The root of all URLs: each room brings its own."""

from django.urls import include, path

from guiyan.web import desk, views
from guiyan.web.contact import views as contact
from guiyan.web.demo import views as demo
from guiyan.web.hotline import views as hotline

own = [
    path("", views.landing, name="landing"),
    path("w/", views.work, name="work"),
    path("w/desk", desk.desk, name="desk"),
    path("w/desk/<uuid:member_id>/copy", desk.own_copy, name="desk_copy"),
    path("w/desk/<uuid:member_id>/correction", desk.correction, name="desk_correction"),
    path("w/contact/<uuid:case_id>", contact.contact, name="contact"),
    path("w/contact/<uuid:case_id>/number/<uuid:field_id>", contact.number, name="contact_number"),
    path(
        "w/contact/<uuid:case_id>/recorded/<uuid:contact_id>",
        contact.recorded,
        name="contact_recorded",
    ),
    path("w/contact/<uuid:contact_id>/undo", contact.undo, name="contact_undo"),
    path("w/hotline", hotline.hotline, name="hotline"),
    path("w/hotline/after/<uuid:call_id>", hotline.after, name="hotline_after"),
    path("w/hotline/passed", hotline.passed, name="hotline_passed"),
    path("w/hotline/passed/<uuid:passed_id>", hotline.passed_call, name="hotline_passed_call"),
    path("w/hotline/packs", hotline.packs, name="hotline_packs"),
    path("w/watermark.svg", views.watermark, name="watermark"),
    path("language/<str:code>", views.language, name="language"),
    path("large", views.large, name="large"),
    path("feedback", views.feedback, name="feedback"),
    path("feedback/taken", views.feedback_taken, name="feedback_taken"),
    path("demo/cast", demo.cast_page, name="demo_cast"),
    path("w/feedback", views.feedback_list, name="feedback_list"),
    path("w/feedback/<uuid:feedback_id>/answer", views.answer_feedback, name="answer_feedback"),
]

urlpatterns = [
    path("", include((own, "web"))),
    path("", include("guiyan.access.urls")),
    path("", include("guiyan.orgs.urls")),
    path("", include("guiyan.channels.urls")),
    path("", include("guiyan.members.urls")),
    path("", include("guiyan.messaging.urls")),
    path("", include("guiyan.flows.urls")),
    path("", include("guiyan.liaison.urls")),
    path("", include("guiyan.outreach.urls")),
    path("", include("guiyan.insight.urls")),
    path("", include("guiyan.field.shell_urls")),
    path("", include("guiyan.field.urls")),
    path("api/", include("guiyan.api.urls")),
]

handler400 = "guiyan.web.views.bad_request"
handler500 = "guiyan.web.views.server_error"
