"""Who may open what of a census. In Meigu stands one round over the township, with two areas and a
team; of the township itself nobody but who works there may change the county's round."""

from tests.integration.web.permission_table import Row, post, staff

_WATCHES = "county_officer township_officer city_officer province_officer"
_RUNS = "county_officer township_officer"
_WALKS = "county_officer township_officer canvasser"
_BESIDE = "branch_secretary outpost_head"  # may canvass, but not in this area
_CONFIRMS = "township_officer branch_secretary"
_ELSEWHERE = "outpost_head outsider"

CENSUS: tuple[Row, ...] = (
    staff("outreach:census", f"{_WATCHES} outsider"),
    staff("outreach:plan", f"{_RUNS} outsider"),
    staff("outreach:round", _WATCHES, not_here="outsider"),
    staff("outreach:change_round", "county_officer", not_here="outsider"),
    # It is open already, and far from finished.
    post("outreach:open_round", "county_officer", not_here="outsider", gives=422),
    post("outreach:close_round", "county_officer", not_here="outsider", gives=422),
    staff("outreach:streets", _WATCHES, not_here="outsider"),
    staff("outreach:round_letter", _WATCHES, not_here="outsider"),
    staff("outreach:round_poster", _WATCHES, not_here="outsider"),
    staff("outreach:conflicts", _RUNS, not_here="outsider"),
    staff("outreach:areas", _RUNS, not_here="outsider"),
    post("outreach:propose_areas", f"{_RUNS} outsider", gives=422),  # no number was said
    post("outreach:confirm_areas", f"{_RUNS} outsider", gives=422),  # no township was chosen
    post("outreach:new_team", f"{_RUNS} outsider", gives=422),  # without a name
    staff("outreach:add_door", f"{_WALKS} {_BESIDE}", not_here="outsider"),
    staff("outreach:type_in", f"{_WALKS} {_BESIDE}", not_here="outsider"),
    post("outreach:give_area", _RUNS, not_here="outsider"),
    post("outreach:move_doors", f"{_RUNS} outsider", gives=422),  # nothing was chosen
    staff("outreach:sheet", _WALKS, not_here=f"{_BESIDE} outsider"),
    staff("outreach:team", _RUNS, not_here="outsider"),
    post("outreach:remove_person", f"{_RUNS} outsider", gives=422),  # nobody was chosen
    staff("outreach:fall_out", _RUNS, not_here="outsider"),
    staff("outreach:my_areas", f"{_WALKS} {_BESIDE} outsider"),
    staff("outreach:door", _WALKS, not_here=f"{_BESIDE} outsider"),
    # Nothing was said beside that visit, for whoever asks.
    staff("outreach:sound", "", not_here=f"{_WALKS} {_BESIDE} outsider"),
    staff(
        "outreach:area",
        f"{_WATCHES} canvasser",
        not_here=f"{_BESIDE} outsider",
    ),
    staff("outreach:my_lists", f"{_CONFIRMS} {_ELSEWHERE}"),
    post("outreach:note_found", "", not_here=f"{_CONFIRMS} {_ELSEWHERE}"),  # nobody is looked for
    staff("outreach:branch_list", _CONFIRMS, not_here=_ELSEWHERE),
    # Of the community's branch nothing was chosen, and everybody may print their own list.
    post("outreach:say_of_branch", f"{_CONFIRMS} {_ELSEWHERE}", gives=422),
    post("outreach:print_list", _CONFIRMS, not_here=_ELSEWHERE, gives=200),
    staff("outreach:type_in_lists", f"{_CONFIRMS} outpost_head", not_here="outsider"),
    staff("outreach:back_check", "county_officer", not_here="outsider"),
    staff("outreach:back_check_sheet", "county_officer", not_here="outsider"),
    post("outreach:record_back_check", f"{_RUNS} outsider", gives=422),  # nothing was chosen
    staff(
        "outreach:round_report", "county_officer city_officer province_officer", not_here="outsider"
    ),
    staff(
        "outreach:round_workbook",
        "county_officer city_officer province_officer",
        not_here="outsider",
    ),
)
