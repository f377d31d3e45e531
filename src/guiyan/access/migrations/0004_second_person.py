"""A role that administers or approves waits for a second security administrator."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_new_numbers_wait")]
    operations = [
        migrations.CreateModel(
            name="GrantProposal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("role", models.CharField(max_length=40)),
                ("organisation_id", models.UUIDField()),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("proposed_by_id", models.UUIDField()),
                ("proposed_by", models.CharField(max_length=80)),
                ("proposed_by_path", models.CharField(db_collation="C", max_length=80)),
                ("proposed_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="access.account",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "role", "organisation_id"), name="grantproposal_once"
                    )
                ]
            },
        ),
    ]
