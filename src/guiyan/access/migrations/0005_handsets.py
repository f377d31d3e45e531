"""Phones of field work are signed in by a token of their own."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0004_second_person")]
    operations = [
        migrations.CreateModel(
            name="Handset",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.UUIDField()),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("token_hash", models.BinaryField(unique=True)),
                (
                    "public_key",
                    models.BinaryField(
                        help_text="P-256 point with which the phone signs hand-over files; empty when it can't"
                    ),
                ),
                ("description", models.CharField(max_length=120)),
                ("issued_at", models.DateTimeField(auto_now_add=True)),
                ("seen_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.CharField(blank=True, max_length=80)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handsets",
                        to="access.account",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["path", "seen_at"], name="handset_path")],
            },
        ),
    ]
