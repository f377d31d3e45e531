"""Addresses of what a phone keeps. All lie under the scope of its worker; the office's are in urls.py."""

from django.urls import path

from guiyan.field import shell_views

app_name = "phone"
urlpatterns = [
    path("field/", shell_views.shell, name="shell"),
    path("field/me", shell_views.me, name="me"),
    path("field/worker.js", shell_views.worker, name="worker"),
    path("field/manifest.webmanifest", shell_views.manifest, name="manifest"),
    path("field/parts/<str:version>/<path:name>", shell_views.part, name="part"),
]
