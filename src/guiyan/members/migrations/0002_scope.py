"""A file is seen from its home side, from its host side, and by the member."""

from django.db import migrations

from guiyan.platform.rls import scope_table, scope_with_parent


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]
    operations = [
        scope_table("members_member", ("home_path", "host_path"), member_column="id"),
        scope_with_parent("members_vaultfield", "member_id", "members_member"),
        scope_with_parent("members_memberinterval", "member_id", "members_member"),
        scope_with_parent("members_consent", "member_id", "members_member"),
        scope_with_parent("members_correction", "member_id", "members_member"),
        scope_with_parent("members_notice", "member_id", "members_member"),
        scope_with_parent("members_merge", "kept_id", "members_member"),
        scope_table("members_duplicatereview"),
    ]
