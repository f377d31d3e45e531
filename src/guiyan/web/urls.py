"""The root of all URLs: each room brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("guiyan.access.urls")),
    path("", include("guiyan.orgs.urls")),
    path("", include("guiyan.members.urls")),
    path("", include("guiyan.flows.urls")),
    path("", include("guiyan.liaison.urls")),
    path("", include("guiyan.insight.urls")),
]
