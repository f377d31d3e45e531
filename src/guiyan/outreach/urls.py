"""Addresses of outreach."""

from django.urls import path

from guiyan.outreach.census.views import areas, doors, rounds
from guiyan.outreach.hotline.urls import urlpatterns as hotline

app_name = "outreach"
_ROUND = "w/census/<uuid:round_id>"
_AREA = "w/census/areas/<uuid:area_id>"
_TEAM = "w/census/teams/<uuid:team_id>"

urlpatterns = [
    *hotline,
    path("w/census", rounds.rounds, name="census"),
    path("w/census/new", rounds.plan, name="plan"),
    path(_ROUND, rounds.board, name="round"),
    path(f"{_ROUND}/change", rounds.change, name="change_round"),
    path(f"{_ROUND}/open", rounds.open_, name="open_round"),
    path(f"{_ROUND}/close", rounds.close, name="close_round"),
    path(f"{_ROUND}/map.svg", rounds.board_map, name="board_map"),
    path(f"{_ROUND}/letter", rounds.letter, name="round_letter"),
    path(f"{_ROUND}/poster", rounds.poster, name="round_poster"),
    path(f"{_ROUND}/conflicts", rounds.conflicts, name="conflicts"),
    path(f"{_ROUND}/areas", areas.areas, name="areas"),
    path(f"{_ROUND}/areas/propose", areas.propose, name="propose_areas"),
    path(f"{_ROUND}/areas/confirm", areas.confirm, name="confirm_areas"),
    path(f"{_ROUND}/teams/new", areas.new_team, name="new_team"),
    path(f"{_ROUND}/doors/new", doors.add, name="add_door"),
    path(f"{_ROUND}/type-in", doors.type_in, name="type_in"),
    path(_AREA, areas.area, name="area"),
    path(f"{_AREA}/give", areas.give, name="give_area"),
    path(f"{_AREA}/move", areas.move, name="move_doors"),
    path(f"{_AREA}/sheet", areas.sheet, name="sheet"),
    path(_TEAM, areas.team, name="team"),
    path(f"{_TEAM}/remove", areas.remove_person, name="remove_person"),
    path(f"{_TEAM}/fall-out", areas.fall_out, name="fall_out"),
    path("w/canvass", doors.my_areas, name="my_areas"),
    path("w/census/doors/<uuid:standing_id>", doors.door, name="door"),
]
