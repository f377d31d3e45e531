"""Every permission there is. Roles (access.roles) are sets of these; nothing else grants anything."""

from enum import StrEnum


class Permission(StrEnum):
    """What a person may do, within the part of the tree that the grant names."""

    SEE_ORGANISATIONS = "see_organisations"
    CHANGE_ORGANISATIONS = "change_organisations"
    CHANGE_DIRECTORY = "change_directory"

    SEE_MEMBERS = "see_members"
    CHANGE_MEMBERS = "change_members"
    REVEAL_IDENTITY = "reveal_identity"
    MERGE_MEMBERS = "merge_members"
    ANSWER_CORRECTIONS = "answer_corrections"

    TAKE_LEADS = "take_leads"
    SCREEN_LEADS = "screen_leads"

    SEE_CASES = "see_cases"
    DECLARE_CASES = "declare_cases"
    ANSWER_CASES = "answer_cases"
    PLACE_MEMBERS = "place_members"
    ASSIGN_CONTACT_PERSON = "assign_contact_person"
    RECORD_CONTACT = "record_contact"
    ISSUE_DOCUMENTS = "issue_documents"
    PAIR_MEMBERS = "pair_members"
    SET_CADENCE = "set_cadence"
    SEND_MESSAGES = "send_messages"
    MESSAGE_OWN_MEMBERS = "message_own_members"
    ANSWER_HOTLINE = "answer_hotline"

    SEE_CENSUS = "see_census"
    MANAGE_CENSUS = "manage_census"
    CANVASS = "canvass"
    SCREEN_ROSTER = "screen_roster"

    SEE_REGISTERS = "see_registers"
    IMPORT_WORKBOOKS = "import_workbooks"
    EXPORT_REGISTERS = "export_registers"
    APPROVE_EXPORTS = "approve_exports"

    MANAGE_CHANNELS = "manage_channels"
    ADMINISTER_SYSTEM = "administer_system"
    ADMINISTER_ACCOUNTS = "administer_accounts"
    READ_AUDIT = "read_audit"
    ELEVATE = "elevate"
