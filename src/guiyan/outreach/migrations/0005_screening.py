"""Lists of branches person by person; the back-check of a round."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from guiyan.platform.rls import scope_table


class Migration(migrations.Migration):

    dependencies = [
        ('outreach', '0004_census_scope'),
    ]

    operations = [
        migrations.AddField(
            model_name='round',
            name='without_back_check',
            field=models.CharField(blank=True, help_text='why it was closed although the back-check is not done', max_length=200),
        ),
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('path', models.CharField(db_collation='C', max_length=80)),
                ('organisation_id', models.UUIDField()),
                ('seed', models.CharField(max_length=32)),
                ('share', models.IntegerField(help_text='percent of what each team explained')),
                ('drawn_on', models.DateField()),
                ('account_id', models.UUIDField(null=True)),
                ('by_name', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='draws', to='outreach.round')),
            ],
        ),
        migrations.CreateModel(
            name='BackCheck',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('path', models.CharField(db_collation='C', max_length=80)),
                ('first_visit_id', models.UUIDField(null=True)),
                ('first_state', models.CharField(max_length=20)),
                ('first_team_id', models.UUIDField(null=True)),
                ('first_account_id', models.UUIDField(null=True)),
                ('second_team_id', models.UUIDField(help_text='who goes this time; never the first', null=True)),
                ('state', models.CharField(blank=True, help_text='empty: not yet looked at', max_length=20)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('checked_on', models.DateField(null=True)),
                ('agrees', models.BooleanField(null=True)),
                ('account_id', models.UUIDField(null=True)),
                ('by_name', models.CharField(blank=True, max_length=80)),
                ('standing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='outreach.standing')),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='outreach.draw')),
            ],
            options={
                'indexes': [models.Index(fields=['standing'], name='back_check_standing')],
                'constraints': [models.UniqueConstraint(fields=('draw', 'standing'), name='back_check_once')],
            },
        ),
        migrations.CreateModel(
            name='Screened',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('path', models.CharField(db_collation='C', max_length=80)),
                ('member_id', models.UUIDField()),
                ('line', models.IntegerField(help_text="on the branch's printed list")),
                ('answer', models.CharField(blank=True, help_text='here, away_short, away_long, not_known; empty: none', max_length=12)),
                ('case_id', models.UUIDField(help_text='the case that this answer opened', null=True)),
                ('answered_on', models.DateField(null=True)),
                ('source', models.CharField(blank=True, help_text='page, paper', max_length=10)),
                ('account_id', models.UUIDField(null=True)),
                ('by_name', models.CharField(blank=True, max_length=80)),
                ('standing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='outreach.standing')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('standing', 'member_id'), name='screened_member'), models.UniqueConstraint(fields=('standing', 'line'), name='screened_line')],
            },
        ),
        scope_table("outreach_screened"),
        scope_table("outreach_draw"),
        scope_table("outreach_backcheck"),
    ]
