"""Who may open what of the hotline. The line is the county's service centre's; the caller who waits
for a call back stays with the other branch of the township."""

from tests.integration.web.permission_table import (
    ARRANGES,
    AWAY,
    FILES,
    SECURITY,
    Row,
    post,
    staff,
)

_OPERATOR = "hotline_operator"
_KEEPS_A_DIRECTORY = f"{ARRANGES} province_officer"
_RECORDS = f"{FILES} liaison"
_CARES = "county_officer township_officer desk_clerk"  # the home branch sees the stay, not the call

HOTLINE: tuple[Row, ...] = (
    staff("web:hotline", _OPERATOR),
    staff("web:hotline_after", _OPERATOR),
    staff("web:hotline_passed", f"{_RECORDS} {AWAY}"),
    staff("web:hotline_passed_call", _CARES, not_here=f"branch_secretary liaison {AWAY}"),
    staff("web:hotline_packs", f"{_RECORDS} {AWAY}"),
    staff("outreach:hotline_lines", _OPERATOR),
    staff("outreach:call_backs", _OPERATOR),
    post("outreach:call_number", _OPERATOR, gives=200),
    post("outreach:call_tried", _OPERATOR, result="no"),
    post("outreach:take_over", _OPERATOR),
    staff("outreach:rotas", f"{_KEEPS_A_DIRECTORY} outsider"),
    staff(
        "outreach:rota",
        "county_officer city_officer province_officer",
        not_here="township_officer outsider",
    ),
    post(
        "outreach:remove_shift",
        "county_officer city_officer province_officer",
        not_here="township_officer outsider",
    ),
    post(
        "outreach:remove_day",
        "county_officer city_officer province_officer",
        not_here="township_officer outsider",
    ),
    staff("outreach:hotline_stops", f"{SECURITY} outside_security"),
    post("outreach:hotline_release", SECURITY, not_here="outside_security", reason="问过了"),
)
