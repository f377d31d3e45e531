"""A round over a large register is opened by the worker, and its page says how far it is."""

import django.db.models.deletion
from django.db import migrations, models

from guiyan.platform.rls import scope_table


class Migration(migrations.Migration):
    dependencies = [("outreach", "0012_parents_by_key")]
    operations = [
        migrations.CreateModel(
            name="RoundOpening",
            fields=[
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="opening",
                        serialize=False,
                        to="outreach.round",
                    ),
                ),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("acting", models.JSONField(help_text="the actor who asked, as they stood then")),
                ("total", models.IntegerField()),
                ("done", models.IntegerField(default=0)),
                ("refusal", models.CharField(blank=True, max_length=200)),
                ("asked_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        # Its own path: a round is read below, but who asked for it stands with those who run it.
        scope_table("outreach_roundopening"),
    ]
