"""Who may open what of messages: what was said and the reply stand with the community's branch."""

from tests.integration.web.permission_table import AWAY, CALLS, SENDS, Row, own_file, post, staff

MESSAGES: tuple[Row, ...] = (
    staff("messaging:compose", f"{SENDS} {AWAY}"),
    staff("messaging:say", f"{SENDS} {AWAY}"),
    staff("messaging:group_text", f"{SENDS} {AWAY}"),
    # The member of these tests is the branch secretary's to look after; a contact person or a clerk
    # who is not theirs gets no further than if they were not there.
    staff("messaging:one", SENDS, not_here=f"liaison desk_clerk {AWAY}"),
    staff("messaging:sayings", f"{SENDS} {AWAY}"),
    staff("messaging:saying", SENDS, not_here=AWAY),
    staff("messaging:texts", f"{SENDS} {AWAY}"),
    staff("messaging:calls", f"{CALLS} {AWAY}"),
    post("messaging:finish_call", CALLS, not_here=AWAY, outcome="reached"),
    staff("messaging:replies", f"{CALLS} {AWAY}"),
    staff("messaging:reply", CALLS, not_here=AWAY),
    own_file("messaging:own_ways"),
    own_file("messaging:own_stop", 303, "POST"),
)
