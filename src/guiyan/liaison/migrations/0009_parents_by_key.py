"""A row's parent is looked up by its key: reading many rows no longer gathers all parents first."""

from django.db import migrations

from guiyan.platform.rls import look_up_parent


class Migration(migrations.Migration):
    dependencies = [("liaison", "0008_committing_many")]
    operations = [
        look_up_parent("liaison_contactperson", "case_id", "flows_case"),
        look_up_parent("liaison_contact", "case_id", "flows_case"),
        look_up_parent("liaison_draftpair", "draft_id", "liaison_pairingdraft"),
        look_up_parent("liaison_relief", "member_id", "members_member"),
        look_up_parent("liaison_cadencestanding", "case_id", "flows_case"),
        look_up_parent("liaison_helpnote", "case_id", "flows_case"),
        look_up_parent("liaison_sixclear", "member_id", "members_member"),
    ]
