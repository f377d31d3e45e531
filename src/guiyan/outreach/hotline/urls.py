"""Addresses of call-backs, the rota and stops; the operator's screen stands in `web`."""

from django.urls import path

from guiyan.outreach.hotline.views import back, rota

urlpatterns = [
    path("w/hotline/lines", back.lines, name="hotline_lines"),
    path("w/hotline/back", back.call_backs, name="call_backs"),
    path("w/hotline/back/<uuid:call_id>/number", back.number, name="call_number"),
    path("w/hotline/back/<uuid:call_id>/tried", back.tried, name="call_tried"),
    path("w/hotline/take-over/<uuid:point_id>", back.take_over, name="take_over"),
    path("w/hotline/rota", rota.hotlines, name="rotas"),
    path("w/hotline/rota/<uuid:point_id>", rota.rota, name="rota"),
    path("w/hotline/shifts/<uuid:shift_id>/remove", rota.remove_shift, name="remove_shift"),
    path("w/hotline/days/<uuid:day_id>/remove", rota.remove_day, name="remove_day"),
    path("w/hotline/stops", back.stops, name="hotline_stops"),
    path("w/hotline/stops/<uuid:stop_id>/release", back.release, name="hotline_release"),
]
