"""Addresses of what is said to members, of calls and replies, and of a member's own choice."""

from django.urls import path

from guiyan.messaging import one_views, own_views, views

app_name = "messaging"
urlpatterns = [
    path("w/messages/new", views.compose, name="compose"),
    path("w/messages/new/<str:purpose>", views.say, name="say"),
    path("w/messages/new/<str:purpose>/group", views.group_text, name="group_text"),
    path("w/messages/new/to/<uuid:member_id>", one_views.one, name="one"),
    path("w/messages/said", views.sayings, name="sayings"),
    path("w/messages/said/<uuid:saying_id>", views.saying, name="saying"),
    path("w/messages/new/<str:purpose>/words", views.texts, name="texts"),
    path("w/calls", views.calls, name="calls"),
    path("w/calls/<uuid:message_id>/done", views.finish_call, name="finish_call"),
    path("w/replies", views.replies, name="replies"),
    path("w/replies/<uuid:reply_id>", views.reply, name="reply"),
    path("me/ways", own_views.own_ways, name="own_ways"),
    path("me/ways/stop", own_views.own_stop, name="own_stop"),
]
