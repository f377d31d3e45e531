"""Addresses of the tree and the directory."""

from django.urls import path

from guiyan.orgs import directory_views, public_views, views

app_name = "orgs"
_ONE = "w/organisations/<uuid:organisation_id>"
urlpatterns = [
    path("near", public_views.near, name="near"),
    path("hotlines", public_views.hotlines, name="hotlines"),
    path("w/organisations", views.organisations, name="organisations"),
    path(_ONE, views.organisation, name="organisation"),
    path(f"{_ONE}/then", views.as_of, name="as_of"),
    path(f"{_ONE}/open", views.open_organisation, name="open"),
    path(f"{_ONE}/rename", views.rename, name="rename"),
    path(f"{_ONE}/move", views.move, name="move"),
    path(f"{_ONE}/merge", views.merge, name="merge"),
    path(f"{_ONE}/close", views.close, name="close"),
    path(f"{_ONE}/particulars", views.particulars, name="particulars"),
    path(f"{_ONE}/parameter", views.set_parameter, name="parameter"),
    path(f"{_ONE}/pin", directory_views.pin, name="pin"),
    path(f"{_ONE}/map.svg", directory_views.pin_picture, name="pin_map"),
    path(f"{_ONE}/points/new", directory_views.new_point, name="new_point"),
    path("w/directory", directory_views.directory, name="directory"),
    path("w/directory/<uuid:point_id>", directory_views.change_point, name="change_point"),
    path("w/directory/<uuid:point_id>/close", directory_views.close_point, name="close_point"),
]
