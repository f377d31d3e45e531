"""That somebody is abroad is a fact of the stay. Open stays from before are read once by the words in
which people wrote it down; from then on a person says so, or the workbook."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# “中国外运” is a company in this country.
WORDS = "出国|出境|(^|[^中])国外|境外|留学"


def read_the_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Only of those whom no body of this system has taken in."""
    rows = apps.get_model("flows", "Case").objects.using(schema_editor.connection.alias)
    said = models.Q(reason_away__regex=WORDS) | models.Q(host_text__regex=WORDS)
    rows.filter(said, ended_on=None, placed_on=None, host_path=None).update(is_abroad=True)


class Migration(migrations.Migration):
    dependencies = [("flows", "0010_rare_states")]
    operations = [
        migrations.AddField(
            "case",
            "is_abroad",
            models.BooleanField(db_default=False, help_text="出国（境）, regulation art. 34"),
        ),
        migrations.RunPython(read_the_words, migrations.RunPython.noop),
    ]
