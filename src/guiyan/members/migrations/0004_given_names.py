"""Who is looked for by the given name alone (阿木 for 海来阿木) is found along an index of it."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from guiyan.kernel.names import given_name

AT_ONCE = 2_000


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Rows from before, some thousand at a time; what is written meanwhile brings its own keys."""
    database = schema_editor.connection.alias
    rows = apps.get_model("members", "Member").objects.using(database)
    batch = []
    for row in rows.only("id", "name").iterator(chunk_size=AT_ONCE):
        given = given_name(row.name)
        row.given_key, row.given_pinyin = given.key[:60], given.pinyin[:120]
        batch.append(row)
        if len(batch) == AT_ONCE:
            rows.bulk_update(batch, ["given_key", "given_pinyin"])
            batch = []
    rows.bulk_update(batch, ["given_key", "given_pinyin"])


class Migration(migrations.Migration):
    dependencies = [("members", "0003_duplicates")]
    operations = [
        migrations.AddField(
            "member",
            "given_key",
            models.CharField(db_collation="C", db_default="", max_length=60),
        ),
        migrations.AddField(
            "member",
            "given_pinyin",
            models.CharField(db_collation="C", db_default="", max_length=120),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "member",
            models.Index(fields=["given_key", "id"], name="member_given"),
        ),
        migrations.AddIndex(
            "member",
            models.Index(fields=["given_pinyin", "id"], name="member_given_pinyin"),
        ),
    ]
