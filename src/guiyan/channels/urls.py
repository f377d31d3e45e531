"""Addresses of the ways out; what providers call stands under /hooks/."""

from django.urls import path

from guiyan.channels import hooks, views

app_name = "channels"
urlpatterns = [
    path("w/channels", views.channels, name="channels"),
    path("w/channels/<str:code>/limits", views.limits, name="limits"),
    path("w/messages", views.messages, name="messages"),
    path("w/messages/<uuid:message_id>", views.message, name="message"),
    path("w/texts", views.texts, name="texts"),
    path("me/inbox", views.inbox, name="inbox"),
    path("me/inbox/read", views.mark_read, name="mark_read"),
    path("me/wechat", views.wechat, name="wechat"),
    path("me/wechat/return", views.wechat_return, name="wechat_return"),
    path("hooks/wechat", hooks.wechat, name="wechat_hook"),
    path("hooks/wecom", hooks.wecom, name="wecom_hook"),
    path("hooks/sms/<str:code>", hooks.sms, name="sms_hook"),
]
