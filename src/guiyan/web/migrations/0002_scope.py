"""Anybody may add feedback; it is read in scope, and from the county up when it names nobody."""

from django.db import migrations

from guiyan.platform.rls import HIGH, LOW

# A level of the tree is four characters of the path: a county stands on the third or the second.
SEEN = (
    f"(path >= {LOW} and path < {HIGH} and path <> '')"
    f" or (path = '' and {HIGH} <> '' and length({LOW}) <= 12)"
)


class Migration(migrations.Migration):
    dependencies = [("web", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "alter table web_feedback enable row level security;"
            " create policy feedback_add on web_feedback for insert with check (true);"
            f" create policy feedback_read on web_feedback for select using ({SEEN});"
            f" create policy feedback_answer on web_feedback for update using ({SEEN}) with check ({SEEN});"
            f" create policy feedback_delete on web_feedback for delete using ({SEEN});",
            "drop policy feedback_add on web_feedback; drop policy feedback_read on web_feedback;"
            " drop policy feedback_answer on web_feedback; drop policy feedback_delete on web_feedback;"
            " alter table web_feedback disable row level security;",
        ),
    ]
