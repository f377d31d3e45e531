"""Who may open what of keeping in touch. The member stays with the other branch of the township; a
contact was recorded by nobody of the cast, and a difficulty was noted for which help is asked."""

from tests.integration.web.permission_table import AWAY, FILES, READS, Row, post, staff

_CARES = "county_officer township_officer branch_secretary"
_SETS = f"{_CARES} city_officer province_officer"

CADENCE: tuple[Row, ...] = (
    staff("liaison:today", f"{FILES} liaison {AWAY}"),
    staff("liaison:unreached", f"{_CARES} {AWAY}"),
    staff("liaison:help_to_reach", _CARES, not_here=AWAY),
    staff("liaison:answer_help", _CARES, not_here=AWAY),
    staff("liaison:clears", READS, not_here=AWAY),
    staff("liaison:cadence", f"{_SETS} {AWAY}"),
    staff("liaison:relief", _SETS, not_here=AWAY),
    post("liaison:end_relief", _SETS, not_here=AWAY, gives=422),  # there is none
    staff("web:contact", f"{FILES} liaison", not_here=AWAY),
    staff("web:contact_recorded", f"{FILES} liaison", not_here=AWAY),
    # The field of these tests is an ID number, and that is no telephone number.
    post(
        "web:contact_number",
        "",
        not_here="township_officer branch_secretary liaison desk_clerk outpost_head outsider",
    ),
    # Only who recorded a contact takes it back.
    post("web:contact_undo", "", not_here=f"{FILES} liaison {AWAY}"),
)
