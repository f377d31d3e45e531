"""A division's row is what a code meant in a time; the list is loaded again by its command."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgs", "0002_scope")]
    operations = [
        migrations.DeleteModel("Division"),
        migrations.CreateModel(
            name="Division",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(db_collation="C", max_length=12)),
                ("name", models.CharField(max_length=80)),
                ("key", models.CharField(db_collation="C", help_text="name without 省, 市, 村 …", max_length=80)),
                (
                    "level",
                    models.SmallIntegerField(help_text="1 province, 2 prefecture, 3 county, 4 township, 5 village"),
                ),
                ("parent_code", models.CharField(blank=True, db_collation="C", max_length=12)),
                ("valid_from", models.DateField(help_text="null: from before our records", null=True)),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["parent_code", "code"], name="division_parent"),
                    models.Index(fields=["key", "code"], name="division_key"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code", "level"),
                        name="division_code_today",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="organisation",
            name="last_child",
            field=models.IntegerField(
                default=0, help_text="number of the youngest child; a path is never given twice"
            ),
        ),
    ]
