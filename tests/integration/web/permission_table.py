"""Who gets which answer at which address: the written law of the house, asked of every page.

Nothing here is derived from the code. A page that is added gets its row; a role that is changed
changes rows. In Meigu stands one thing of each kind (tests/integration/web/county.py): a member of
the community's branch who stays with the other branch of the same township, their case, letter and
lead, a sitting and an import of the township. Who may do such a thing, but not to this one, gets
404, as if it were not there; who may not do it at all gets 403; who is not signed in is led to
the sign-in.
"""

from dataclasses import dataclass, field

OFFICIALS = (
    "county_officer", "township_officer", "branch_secretary", "liaison", "canvasser", "desk_clerk",
    "hotline_operator", "department_handler", "industry_committee", "city_officer",
    "province_officer", "system_administrator", "security_administrator", "audit_administrator",
    "outpost_head", "approver",
)  # fmt: skip
NEIGHBOURS = ("outsider", "outside_security")  # township officer and security of the next county
STAFF = (*OFFICIALS, *NEIGHBOURS, "no_organisation")
NOT_STAFF = ("no_grant", "member", "anybody")  # an account without any grant is nobody
PEOPLE = (*STAFF, *NOT_STAFF)


@dataclass(frozen=True, slots=True)
class Row:
    """The answer that each person gets to one method at one address."""

    url: str
    audience: str
    answers: dict[str, int]
    method: str = "GET"
    fields: dict[str, str] = field(default_factory=dict)


def public(url: str, answer: int = 200, method: str = "GET") -> Row:
    return Row(url, "public", dict.fromkeys(PEOPLE, answer), method)


def own_file(url: str, answer: int = 200, method: str = "GET") -> Row:
    """For the member; everybody else is led to the members' sign-in."""
    return Row(url, "member", dict.fromkeys(PEOPLE, 302) | {"member": answer}, method)


def staff(
    url: str,
    opens: str,
    *,
    not_here: str = "",
    gives: int = 200,
    method: str = "GET",
    **fields: str,
) -> Row:
    """For those named; `not_here` names who may do it, but not to the thing of these tests."""
    answers = dict.fromkeys(STAFF, 403) | dict.fromkeys(NOT_STAFF, 302)
    answers |= dict.fromkeys(opens.split(), gives) | dict.fromkeys(not_here.split(), 404)
    return Row(url, "staff", answers, method, fields)


def post(url: str, opens: str, *, not_here: str = "", gives: int = 303, **fields: str) -> Row:
    return staff(url, opens, not_here=not_here, gives=gives, method="POST", **fields)


EVERY_STAFF = " ".join(STAFF)
AT_AN_ORGANISATION = " ".join((*OFFICIALS, *NEIGHBOURS))
IN_MEIGU = " ".join(
    name for name in OFFICIALS if name not in {"industry_committee", "outpost_head"}
)
AWAY = "industry_committee outpost_head outsider"

# Who sees files and cases; who files; who answers for a case; who places.
READS = "county_officer township_officer branch_secretary liaison desk_clerk city_officer province_officer"
READS_ANY = f"{READS} {AWAY}"
FILES = "county_officer township_officer branch_secretary desk_clerk"
FILES_AWAY = "outpost_head outsider"
PLACES = "county_officer township_officer"
TAKES_LEADS = f"{FILES} liaison canvasser hotline_operator {AWAY}"
ARRANGES = "county_officer township_officer city_officer"
LISTS = "county_officer township_officer city_officer province_officer"
EXPORTS = (
    "county_officer township_officer branch_secretary industry_committee city_officer"
    " province_officer outsider"
)
EXPORTS_NOT_THIS = EXPORTS.removeprefix("county_officer ")
SEES_REGISTERS = f"{EXPORTS} desk_clerk outpost_head"
IMPORTS = "county_officer township_officer"
SECURITY = "security_administrator"

WEB = (
    public("web:landing"),
    staff("web:work", EVERY_STAFF),
    staff("web:desk", TAKES_LEADS),
    staff(
        "web:desk_copy",
        "township_officer branch_secretary liaison desk_clerk",
        not_here=FILES_AWAY,
    ),
    staff("web:desk_correction", FILES, not_here=FILES_AWAY),
    staff("web:watermark", EVERY_STAFF),
    public("web:language", 303),
    public("web:large", 303),
    public("web:feedback"),
    public("web:feedback_taken"),
    public("phone:shell"),
    public("phone:me"),
    public("phone:worker"),
    public("phone:manifest"),
    public("phone:part", 404),  # of a version that is no longer
    public("web:demo_cast", 404),  # outside the demo there is no such page
    staff("web:feedback_list", EVERY_STAFF),
    post("web:answer_feedback", FILES, not_here="outsider", answer="谢谢"),
)

ACCESS = (
    public("access:sign_in"),
    public("access:second_factor", 303),  # without a password given before: to the first step
    public("access:set_password", 303),
    public("access:enrol", 303),
    public("access:enrol_passkey", 303, "POST"),
    public("access:sign_out", 303, "POST"),
    public("access:member_sign_in"),
    public("access:member_code", 303),
    own_file("access:member_devices"),
    own_file("access:end_member_device", 404, "POST"),  # somebody else's device
    public("access:demo_messages", 404),
    staff("access:account", EVERY_STAFF),
    staff("access:choose_grant", EVERY_STAFF),
    staff("access:change_password", EVERY_STAFF),
    post("access:end_device", "", not_here=EVERY_STAFF),  # somebody else's device
    staff("access:confirm_self", EVERY_STAFF),
    # Without both factors given anew: to that page first.
    # There is no such phone.
    post("access:revoke_handset", "", not_here=EVERY_STAFF),
    post("access:revoke_handset_of", "", not_here=f"{SECURITY} outside_security"),
    post("access:add_passkey", EVERY_STAFF),
    post("access:remove_passkey", EVERY_STAFF),
    staff("access:elevate", "county_officer city_officer province_officer"),
    post("access:end_elevation", EVERY_STAFF),
    staff("access:accounts", f"{SECURITY} outside_security"),
    staff("access:new_account", f"{SECURITY} outside_security"),
    staff("access:account_detail", SECURITY, not_here="outside_security"),
    post("access:grant_role", SECURITY, not_here="outside_security", gives=200),
    post(
        "access:reset_sign_in",
        SECURITY,
        not_here="outside_security",
        gives=200,
        reason="换了手机",
    ),
    post("access:unlock_account", SECURITY, not_here="outside_security"),
    post("access:close_account", SECURITY, not_here="outside_security", reason="调离"),
    post("access:reopen_account", SECURITY, not_here="outside_security", reason="回来"),
    staff("access:why", SECURITY, not_here="outside_security"),
    post("access:end_grant", SECURITY, not_here="outside_security", reason="调离"),
    post("access:confirm_grant", SECURITY, not_here="outside_security"),
    post("access:decline_grant", SECURITY, not_here="outside_security", reason="不合适"),
    staff("access:audit", "audit_administrator"),
)

ORGS = (
    public("orgs:near"),
    public("orgs:hotlines"),
    staff("orgs:organisations", AT_AN_ORGANISATION),
    staff("orgs:organisation", IN_MEIGU, not_here=f"{AWAY} outside_security"),
    staff("orgs:as_of", IN_MEIGU, not_here=f"{AWAY} outside_security"),
    staff("orgs:open", ARRANGES, not_here="outsider"),
    staff("orgs:rename", ARRANGES, not_here="outsider"),
    staff("orgs:move", ARRANGES, not_here="outsider"),
    staff("orgs:merge", ARRANGES, not_here="outsider"),
    staff("orgs:close", ARRANGES, not_here="outsider"),
    staff("orgs:parameter", ARRANGES, not_here="outsider"),
    staff("orgs:particulars", LISTS, not_here="outsider"),
    staff("orgs:pin", LISTS, not_here="outsider"),
    staff("orgs:pin_map", LISTS, not_here="outsider"),
    staff("orgs:new_point", LISTS, not_here="outsider"),
    staff("orgs:directory", AT_AN_ORGANISATION),
    # The point is the county centre's, which is not the township's to change.
    staff(
        "orgs:change_point",
        "county_officer city_officer province_officer",
        not_here="township_officer outsider",
    ),
    staff(
        "orgs:close_point",
        "county_officer city_officer province_officer",
        not_here="township_officer outsider",
    ),
)

MEMBERS = (
    staff("members:members", READS_ANY),
    staff("members:new", f"{FILES} {FILES_AWAY}"),
    staff("members:file", READS, not_here=AWAY),
    staff("members:change", FILES, not_here=FILES_AWAY),
    staff("members:identity", FILES, not_here=FILES_AWAY),
    staff("members:end_identity", FILES, not_here=FILES_AWAY),
    staff("members:number_sign_in", FILES, not_here=FILES_AWAY),
    # The county's officer opens identity in an elevated session only.
    staff(
        "members:reveal",
        "township_officer branch_secretary liaison desk_clerk",
        not_here=FILES_AWAY,
    ),
    staff("members:consents", FILES, not_here=FILES_AWAY),
    staff("members:merge", "township_officer", not_here="outsider"),
    staff("members:undo_merge", "township_officer", not_here="outsider"),
    staff("members:duplicates", "township_officer outsider"),
    staff("members:duplicate", "township_officer", not_here="outsider"),
    staff("members:corrections", f"{FILES} outsider"),
    staff("members:correction", FILES, not_here="outsider"),
    own_file("members:me"),
    own_file("members:own_file"),
    own_file("members:why"),
    own_file("members:own_openings"),
    own_file("members:copy"),
    own_file("members:print"),
    own_file("members:own_corrections"),
    own_file("members:own_consents"),
)

FLOWS = (
    public("flows:check_in"),
    public("flows:check_in_taken"),
    staff("flows:leads", f"{FILES} {AWAY}"),
    staff("flows:take_lead", TAKES_LEADS),
    staff("flows:lead_taken", TAKES_LEADS),
    post("flows:discard_leads", f"{FILES} {AWAY}", gives=422),  # nothing was chosen
    post("flows:discard_suspicious", f"{FILES} {AWAY}"),
    staff("flows:lead", FILES, not_here=AWAY),
    staff("flows:verify_lead", FILES, not_here=AWAY),
    staff("flows:receive", f"{FILES} {FILES_AWAY}"),
    staff("flows:slip", READS, not_here=AWAY),
    staff("flows:declare", FILES, not_here=AWAY),
    staff("flows:claim", FILES, not_here=AWAY),
    staff("flows:answers", READS_ANY),
    staff("flows:case", READS, not_here=AWAY),
    staff("flows:step", FILES, not_here=AWAY),
    staff("flows:notify", FILES, not_here=AWAY),
    staff("flows:move_on", FILES, not_here=AWAY),
    staff("flows:contact_lost", FILES, not_here=AWAY),
    staff("flows:place", PLACES, not_here=AWAY),
    post("flows:undo_placement", PLACES, not_here=AWAY, gives=422),  # not placed yet
    staff("flows:transfer", FILES, not_here="outsider"),
    staff("flows:issue", FILES, not_here="outsider"),
    staff("flows:letter", READS, not_here=AWAY),
    staff("flows:letter_pdf", READS, not_here=AWAY),
    post("flows:letter_reply", FILES, not_here="outsider", reply="received"),
    post("flows:letter_withdraw", FILES, not_here="outsider", reason="写错了"),
    public("flows:verify", 404),  # no paper of ours bears this code
    staff("flows:poster", IN_MEIGU, not_here=f"{AWAY} outside_security"),
    staff("flows:open_letter", IN_MEIGU, not_here=f"{AWAY} outside_security"),
    staff("flows:placement", f"{PLACES} {AWAY}"),
    staff("flows:new_sitting", f"{PLACES} {AWAY}"),
    staff("flows:sitting", PLACES, not_here=AWAY),
    staff("flows:minutes", PLACES, not_here=AWAY),
)

LIAISON = (
    staff("liaison:my_members", f"{FILES} liaison {AWAY}"),
    staff("liaison:assign", "county_officer township_officer branch_secretary", not_here=AWAY),
    staff("liaison:pairing", f"county_officer township_officer branch_secretary {AWAY}"),
    # The proposal is the township's, which is not the branch's to see.
    staff("liaison:pairing_draft", PLACES, not_here=f"branch_secretary {AWAY}"),
    staff("liaison:pairing_by_person", PLACES, not_here=f"branch_secretary {AWAY}"),
    staff(
        "liaison:availability", "county_officer township_officer branch_secretary", not_here=AWAY
    ),
    staff("liaison:leave", "county_officer township_officer branch_secretary", not_here=AWAY),
    staff("liaison:hand_over", "county_officer township_officer branch_secretary", not_here=AWAY),
)

INSIGHT = (
    staff("insight:moved_in", SEES_REGISTERS),
    staff("insight:moved_out", SEES_REGISTERS),
    staff("insight:print_moved_in", SEES_REGISTERS),
    staff("insight:print_moved_out", SEES_REGISTERS),
    staff("insight:exports", EXPORTS),
    staff("insight:new_export", EXPORTS),
    # The county officer's own request, which waits for the approver: nobody else's to look at.
    staff("insight:export", "county_officer", not_here=EXPORTS_NOT_THIS),
    # Before the approval nobody takes it, not even who asked.
    staff(
        "insight:export_file",
        "",
        not_here="township_officer branch_secretary industry_committee outsider",
    ),
    staff("insight:approvals", "approver"),
    post("insight:decide_export", "approver", answer="yes"),
    staff("insight:imports", f"{IMPORTS} branch_secretary outsider"),
    staff("insight:import_batch", IMPORTS, not_here="branch_secretary outsider"),
    staff("insight:import_mapping", IMPORTS, not_here="branch_secretary outsider"),
    post("insight:import_preview", IMPORTS, not_here="branch_secretary outsider"),
    post("insight:import_commit", IMPORTS, not_here="branch_secretary outsider"),
    # What was not written yet can't be taken back.
    post(
        "insight:import_undo",
        IMPORTS,
        not_here="branch_secretary outsider",
        gives=422,
        reason="弄错了",
    ),
    staff("insight:import_marked", IMPORTS, not_here="branch_secretary outsider"),
)

SENDS = "county_officer township_officer branch_secretary"
CALLS = f"{SENDS} liaison desk_clerk"
CHANNELS = (
    staff("channels:channels", "system_administrator"),
    staff("channels:limits", "system_administrator"),
    staff("channels:messages", f"{SENDS} {AWAY}"),
    staff("channels:message", SENDS, not_here=AWAY),
    staff("channels:texts", f"{SENDS} {AWAY}"),
    own_file("channels:inbox"),
    own_file("channels:mark_read", 303, "POST"),
    own_file("channels:wechat"),
    own_file("channels:wechat_return"),
    # Not configured here: no such address. Signed calls are tested in tests/integration/channels.
    public("channels:wechat_hook", 404),
    public("channels:wecom_hook", 404),
    public("channels:sms_hook", 404, "POST"),
)

# Who works in the field or answers for it; each sees there only what is theirs to decide.
# The calls of phones (`api:`) bear tokens and stand in tests/integration/api.
FIELD_WORKERS = (
    "county_officer township_officer branch_secretary liaison canvasser desk_clerk"
    " industry_committee outpost_head outsider"
)
FIELD = (
    staff("field:inbox", FIELD_WORKERS),
    post("field:accept", FIELD_WORKERS, gives=422),  # nothing was ticked
    post("field:decline", FIELD_WORKERS, gives=422, reason="重复了"),
    staff("field:conflicts", FIELD_WORKERS),
    post("field:choose", "", not_here=FIELD_WORKERS),
    staff("field:devices", FIELD_WORKERS),
    # No phone of the field stands in the table; whose it is is asked after the right.
    post("field:revoke_phone", "", not_here="county_officer township_officer outsider"),
    staff("field:handover", FIELD_WORKERS),
)

TABLE: tuple[Row, ...] = (
    *WEB, *ACCESS, *ORGS, *CHANNELS, *MEMBERS, *FLOWS, *LIAISON, *INSIGHT, *FIELD,
)  # fmt: skip

# Opening these writes, and why that is right; everything else only reads.
WRITES_ON_GET = {
    "members:print": "the member's copy is in their own history",
    "members:copy": "the member's copy is in their own history",
    "flows:minutes": "opened minutes with many names are in the audit",
    "flows:letter_pdf": "a printed paper with a name on it is in the audit",
    "insight:print_moved_in": "a printed register is in the audit",
    "insight:print_moved_out": "a printed register is in the audit",
    "insight:import_marked": "who takes the workbook back is in the audit",
    "insight:import_mapping": "a look into the sender's workbook is in the audit",
}

# Written with any request, whatever it asks for: that a device was seen, what a session keeps.
OF_EVERY_REQUEST = {"access_device", "django_session"}

# No sign-in hangs on these, so a forged post does nothing that the forger could not do himself.
_SIGNED = "a provider calls; its signature or key stands in place of the token"
WITHOUT_CSRF = {
    "flows:check_in": "works without a cookie; nobody is signed in by it",
    "channels:wechat_hook": _SIGNED,
    "channels:wecom_hook": _SIGNED,
    "channels:sms_hook": _SIGNED,
}
