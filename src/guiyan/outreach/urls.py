"""Addresses of outreach."""

from django.urls import path

from guiyan.outreach.backcheck import views as backcheck
from guiyan.outreach.census.views import areas, board, doors, report, rounds
from guiyan.outreach.hotline.urls import urlpatterns as hotline
from guiyan.outreach.screening import views as screening

app_name = "outreach"
_ROUND = "w/census/<uuid:round_id>"
_AREA = "w/census/areas/<uuid:area_id>"
_LIST = "w/screening/<uuid:list_id>"
_TEAM = "w/census/teams/<uuid:team_id>"

urlpatterns = [
    *hotline,
    path("w/census", rounds.rounds, name="census"),
    path("w/census/new", rounds.plan, name="plan"),
    path(_ROUND, board.board, name="round"),
    path(f"{_ROUND}/change", rounds.change, name="change_round"),
    path(f"{_ROUND}/open", rounds.open_, name="open_round"),
    path(f"{_ROUND}/close", rounds.close, name="close_round"),
    path(f"{_ROUND}/streets", board.streets, name="streets"),
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
    path(f"{_ROUND}/type-in-lists", screening.type_in, name="type_in_lists"),
    path("w/screening", screening.my_lists, name="my_lists"),
    path("w/screening/found/<uuid:member_id>", screening.found, name="note_found"),
    path(_LIST, screening.branch_list, name="branch_list"),
    path(f"{_LIST}/branch", screening.say_of_branch, name="say_of_branch"),
    path(f"{_LIST}/print", screening.print_list, name="print_list"),
    path(f"{_ROUND}/back-check", backcheck.back_check, name="back_check"),
    path(f"{_ROUND}/back-check/sheet", backcheck.sheet, name="back_check_sheet"),
    path("w/back-checks/<uuid:check_id>", backcheck.record, name="record_back_check"),
    path(f"{_ROUND}/report", report.printed, name="round_report"),
    path(f"{_ROUND}/report.xlsx", report.workbook, name="round_workbook"),
    path("w/canvass", doors.my_areas, name="my_areas"),
    path("w/census/doors/<uuid:standing_id>", doors.door, name="door"),
    path("w/census/doors/<uuid:standing_id>/sound/<uuid:visit_id>", doors.sound, name="sound"),
]
