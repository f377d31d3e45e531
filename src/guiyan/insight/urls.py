"""Addresses of registers and of workbooks in and out."""

from django.urls import path

from guiyan.insight.importing import views as importing

app_name = "insight"
urlpatterns = [
    path("w/imports", importing.imports, name="imports"),
    path("w/imports/<uuid:batch_id>", importing.import_batch, name="import_batch"),
    path("w/imports/<uuid:batch_id>/mapping", importing.import_mapping, name="import_mapping"),
    path("w/imports/<uuid:batch_id>/preview", importing.import_preview, name="import_preview"),
    path("w/imports/<uuid:batch_id>/commit", importing.import_commit, name="import_commit"),
    path("w/imports/<uuid:batch_id>/undo", importing.import_undo, name="import_undo"),
    path("w/imports/<uuid:batch_id>/marked", importing.import_marked, name="import_marked"),
]
