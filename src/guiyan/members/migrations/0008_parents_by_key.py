"""A row's parent is looked up by its key: reading many rows no longer gathers all parents first."""

from django.db import migrations

from guiyan.platform.rls import look_up_parent


class Migration(migrations.Migration):
    dependencies = [("members", "0007_reads")]
    operations = [
        look_up_parent("members_vaultfield", "member_id", "members_member"),
        look_up_parent("members_memberinterval", "member_id", "members_member"),
        look_up_parent("members_consent", "member_id", "members_member"),
        look_up_parent("members_correction", "member_id", "members_member"),
        look_up_parent("members_notice", "member_id", "members_member"),
        look_up_parent("members_merge", "kept_id", "members_member"),
    ]
