"""Addresses of access."""

from django.urls import path

from guiyan.access.views import account, administration, handsets, member, sign_in

app_name = "access"

urlpatterns = [
    path("in", sign_in.sign_in, name="sign_in"),
    path("in/second", sign_in.second_factor, name="second_factor"),
    path("in/password", sign_in.set_password, name="set_password"),
    path("in/enrol", sign_in.enrol, name="enrol"),
    path("in/enrol/passkey", sign_in.enrol_passkey, name="enrol_passkey"),
    path("out", sign_in.sign_out, name="sign_out"),
    path("me/in", member.member_sign_in, name="member_sign_in"),
    path("me/in/code", member.member_code, name="member_code"),
    path("me/devices", member.member_devices, name="member_devices"),
    path("me/devices/<uuid:device_id>/end", member.end_member_device, name="end_member_device"),
    path("demo/messages", member.demo_messages, name="demo_messages"),
    path("w/account", account.account, name="account"),
    path("w/account/grant", account.choose_grant, name="choose_grant"),
    path("w/account/password", account.change_password, name="change_password"),
    path("w/account/devices/<uuid:device_id>/end", account.end_device, name="end_device"),
    path("w/account/confirm", account.confirm_self, name="confirm_self"),
    path("w/account/handsets/<uuid:handset_id>/revoke", handsets.revoke_own, name="revoke_handset"),
    path(
        "w/accounts/<uuid:account_id>/handsets/<uuid:handset_id>/revoke",
        handsets.revoke_of_account,
        name="revoke_handset_of",
    ),
    path("w/account/passkeys/add", account.add_passkey, name="add_passkey"),
    path(
        "w/account/passkeys/<uuid:passkey_id>/remove",
        account.remove_passkey,
        name="remove_passkey",
    ),
    path("w/account/elevation", account.elevate, name="elevate"),
    path("w/account/elevation/end", account.end_elevation, name="end_elevation"),
    path("w/accounts", administration.accounts, name="accounts"),
    path("w/accounts/new", administration.new_account, name="new_account"),
    path("w/accounts/<uuid:account_id>", administration.account_detail, name="account_detail"),
    path("w/accounts/<uuid:account_id>/grant", administration.grant_role, name="grant_role"),
    path("w/accounts/<uuid:account_id>/reset", administration.reset_sign_in, name="reset_sign_in"),
    path(
        "w/accounts/<uuid:account_id>/unlock", administration.unlock_account, name="unlock_account"
    ),
    path("w/accounts/<uuid:account_id>/close", administration.close_account, name="close_account"),
    path(
        "w/accounts/<uuid:account_id>/reopen", administration.reopen_account, name="reopen_account"
    ),
    path("w/accounts/<uuid:account_id>/why", administration.why, name="why"),
    path("w/grants/<uuid:grant_id>/end", administration.end_grant, name="end_grant"),
    path(
        "w/grants/wishes/<uuid:proposal_id>/confirm",
        administration.confirm_grant,
        name="confirm_grant",
    ),
    path(
        "w/grants/wishes/<uuid:proposal_id>/decline",
        administration.decline_grant,
        name="decline_grant",
    ),
    path("w/audit", administration.audit, name="audit"),
]
