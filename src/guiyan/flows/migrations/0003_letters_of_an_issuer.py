"""A letter knows which body issued it, and waiting deltas can be locked by the worker that folds them.

No letter has been issued before this migration, so the column needs no value for old rows.
"""

import uuid

from django.db import migrations, models

from guiyan.platform.rls import in_scope


class Migration(migrations.Migration):
    dependencies = [("flows", "0002_scope")]
    operations = [
        migrations.AddField(
            model_name="letter",
            name="issuer_organisation_id",
            field=models.UUIDField(default=uuid.UUID(int=0)),
            preserve_default=False,
        ),
        # PostgreSQL asks for an update policy when a row is locked, though none is ever updated.
        migrations.RunSQL(
            f"create policy delta_lock on flows_countdelta for update using ({in_scope(['path'])});",
            "drop policy delta_lock on flows_countdelta;",
        ),
    ]
