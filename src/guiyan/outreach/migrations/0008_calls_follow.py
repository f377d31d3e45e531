"""Calls are found by their stay and their file, and answers about study packs go with the stay.

An answer whose stay was gone could be seen and removed by nobody (its policy asks the parent).
"""

import django.db.models.deletion
from django.db import migrations, models

TIED = """
delete from outreach_packanswer answer
  where not exists (select from flows_case stay where stay.id = answer.case_id);
alter table outreach_packanswer add constraint outreach_packanswer_case_id_fk
  foreign key (case_id) references flows_case (id) deferrable initially deferred;
"""
LOOSE = "alter table outreach_packanswer drop constraint outreach_packanswer_case_id_fk;"


class Migration(migrations.Migration):
    dependencies = [("outreach", "0007_visits_go"), ("flows", "0010_rare_states")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TIED, LOOSE)],
            state_operations=[
                migrations.RemoveField("packanswer", "case_id"),
                migrations.AddField(
                    "packanswer",
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="flows.case",
                    ),
                    preserve_default=False,
                ),
            ],
        ),
        migrations.AddIndex(
            "call",
            models.Index(
                condition=models.Q(("state", "passed")), fields=["case_id"], name="call_passed_case"
            ),
        ),
        migrations.AddIndex(
            "call",
            models.Index(
                condition=models.Q(("member_id__isnull", False)),
                fields=["member_id"],
                name="call_member",
            ),
        ),
        migrations.AlterField(
            "call",
            "owner_account_id",
            models.UUIDField(
                help_text="who calls back what was missed; of what was passed on its due says",
                null=True,
            ),
        ),
    ]
