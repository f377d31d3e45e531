"""Who may see which rows of the platform's tables."""

from django.db import migrations

from guiyan.platform.rls import LOW, HIGH, MEMBER, append_only, scope_table


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_initial")]
    operations = [
        scope_table("platform_storedfile"),
        # Anybody's act may be recorded; it is read within the scope, and by the member it concerns.
        migrations.RunSQL(
            "alter table platform_auditrow enable row level security;"
            " create policy audit_add on platform_auditrow for insert with check (true);"
            " create policy audit_read on platform_auditrow for select using"
            f" ((path >= {LOW} and path < {HIGH}) or member_id = {MEMBER});",
            "drop policy audit_add on platform_auditrow; drop policy audit_read on platform_auditrow;"
            " alter table platform_auditrow disable row level security;",
        ),
        append_only("platform_auditrow"),
        append_only("platform_auditseal"),
    ]
