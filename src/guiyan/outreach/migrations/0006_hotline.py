"""Tables of the hotline: rota, calls, and who opened which number."""

import uuid
from django.db import migrations, models

from guiyan.platform.rls import scope_table, scope_with_parent, scope_writes


class Migration(migrations.Migration):

    dependencies = [
        ('outreach', '0005_screening'),
    ]

    operations = [
        migrations.CreateModel(
            name='DutyShift',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('point_id', models.UUIDField(db_index=True)),
                ('path', models.CharField(db_collation='C', max_length=80)),
                ('weekday', models.SmallIntegerField(help_text='0 Monday … 6 Sunday')),
                ('starts', models.CharField(max_length=5)),
                ('ends', models.CharField(help_text='24:00 is the end of the day', max_length=5)),
                ('account_id', models.UUIDField(help_text='a person; null: a team', null=True)),
                ('shown_as', models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='PackAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('case_id', models.UUIDField(unique=True)),
                ('has_it', models.BooleanField()),
                ('asked_on', models.DateField()),
                ('contact_id', models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('point_id', models.UUIDField()),
                ('organisation_id', models.UUIDField()),
                ('path', models.CharField(db_collation='C', max_length=80)),
                ('kind', models.CharField(help_text='hotline.rules.KINDS', max_length=10)),
                ('state', models.CharField(help_text='missed, passed, done', max_length=10)),
                ('outcome', models.CharField(blank=True, help_text='hotline.rules.OUTCOMES', max_length=12)),
                ('times', models.IntegerField(default=1, help_text='how often it was missed')),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('last_at', models.DateTimeField()),
                ('number_sealed', models.BinaryField(null=True)),
                ('number_blind', models.BinaryField(null=True)),
                ('number_mask', models.CharField(blank=True, max_length=40)),
                ('said_sealed', models.BinaryField(null=True)),
                ('lead_id', models.UUIDField(null=True)),
                ('case_id', models.UUIDField(null=True)),
                ('member_id', models.UUIDField(null=True)),
                ('owner_account_id', models.UUIDField(help_text='who calls back', null=True)),
                ('tries', models.SmallIntegerField(default=0)),
                ('by_account_id', models.UUIDField(null=True)),
                ('by_name', models.CharField(max_length=80)),
                ('closed_at', models.DateTimeField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['path', 'state', 'last_at'], name='call_path_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'missed')), fields=('point_id', 'number_blind'), name='one_missed_call')],
            },
        ),
        migrations.CreateModel(
            name='DutyException',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('point_id', models.UUIDField()),
                ('path', models.CharField(db_collation='C', max_length=80)),
                ('day', models.DateField()),
                ('starts', models.CharField(max_length=5)),
                ('ends', models.CharField(max_length=5)),
                ('account_id', models.UUIDField(null=True)),
                ('shown_as', models.CharField(blank=True, help_text='empty: nobody answers', max_length=40)),
            ],
            options={
                'indexes': [models.Index(fields=['point_id', 'day'], name='duty_exception_day')],
            },
        ),
        migrations.CreateModel(
            name='DutyHandOver',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('point_id', models.UUIDField()),
                ('path', models.CharField(db_collation='C', max_length=80)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('to_account_id', models.UUIDField(null=True)),
                ('to_name', models.CharField(max_length=80)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('open_calls', models.IntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['point_id', '-at'], name='duty_hand_over_at')],
            },
        ),
        migrations.CreateModel(
            name='NumberOpening',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('call_id', models.UUIDField()),
                ('path', models.CharField(db_collation='C', max_length=80)),
                ('account_id', models.UUIDField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('accounted_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['account_id', '-at'], name='number_opening_account')],
            },
        ),
        migrations.CreateModel(
            name='OperatorStop',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('path', models.CharField(db_collation='C', max_length=80)),
                ('account_id', models.UUIDField()),
                ('name', models.CharField(max_length=80)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('opened', models.IntegerField()),
                ('released_at', models.DateTimeField(null=True)),
                ('released_by', models.CharField(blank=True, max_length=80)),
                ('reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('released_at__isnull', True)), fields=('account_id',), name='one_open_stop')],
            },
        ),
        # Who answers now stands on a public page.
        scope_writes("outreach_dutyshift"),
        scope_writes("outreach_dutyexception"),
        scope_table("outreach_dutyhandover"),
        scope_table("outreach_call"),
        scope_table("outreach_numberopening"),
        scope_table("outreach_operatorstop"),
        scope_with_parent("outreach_packanswer", "case_id", "flows_case"),
    ]
