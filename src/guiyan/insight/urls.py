"""Addresses of registers and of workbooks in and out."""

from django.urls import path

from guiyan.insight import export_views, register_views
from guiyan.insight.importing import views as importing

app_name = "insight"
urlpatterns = [
    path("w/registers/in", register_views.moved_in, name="moved_in"),
    path("w/registers/out", register_views.moved_out, name="moved_out"),
    path("w/registers/in.pdf", register_views.print_moved_in, name="print_moved_in"),
    path("w/registers/out.pdf", register_views.print_moved_out, name="print_moved_out"),
    path("w/exports", export_views.exports, name="exports"),
    path("w/exports/new", export_views.new_export, name="new_export"),
    path("w/exports/approvals", export_views.approvals, name="approvals"),
    path("w/exports/<uuid:request_id>", export_views.export, name="export"),
    path("w/exports/<uuid:request_id>/file", export_views.export_file, name="export_file"),
    path("w/exports/<uuid:request_id>/decide", export_views.decide, name="decide_export"),
    path("w/imports", importing.imports, name="imports"),
    path("w/imports/<uuid:batch_id>", importing.import_batch, name="import_batch"),
    path("w/imports/<uuid:batch_id>/mapping", importing.import_mapping, name="import_mapping"),
    path("w/imports/<uuid:batch_id>/preview", importing.import_preview, name="import_preview"),
    path("w/imports/<uuid:batch_id>/commit", importing.import_commit, name="import_commit"),
    path("w/imports/<uuid:batch_id>/undo", importing.import_undo, name="import_undo"),
    path("w/imports/<uuid:batch_id>/marked", importing.import_marked, name="import_marked"),
]
