"""Notes by voice beside operations; a sender is told why something was turned down."""

from django.db import migrations, models

from guiyan.platform.rls import scope_table


class Migration(migrations.Migration):

    dependencies = [
        ('field', '0002_sync'),
    ]

    operations = [
        migrations.CreateModel(
            name='SpokenNote',
            fields=[
                ('id', models.UUIDField(editable=False, help_text="the phone's own id", primary_key=True, serialize=False)),
                ('operation_id', models.UUIDField(unique=True)),
                ('organisation_id', models.UUIDField()),
                ('path', models.CharField(db_collation='C', max_length=80)),
                ('account_id', models.UUIDField()),
                ('device_id', models.UUIDField()),
                ('digest', models.BinaryField(help_text='SHA-256 of the box, as the operation named it')),
                ('size_bytes', models.IntegerField(help_text='of the box, as the operation named it')),
                ('came_bytes', models.IntegerField(default=0, help_text='how much of the box is here')),
                ('key_id', models.CharField(blank=True, help_text='the key that opens the box', max_length=8)),
                ('box', models.BinaryField(null=True)),
                ('sound', models.BinaryField(null=True)),
                ('media_type', models.CharField(blank=True, help_text='as its bytes say; empty while it is not opened', max_length=20)),
                ('is_broken', models.BooleanField(default=False, help_text='came whole, and is no sound')),
                ('received_at', models.DateTimeField(help_text='when its operation came')),
                ('ended_at', models.DateTimeField(help_text='when it came whole', null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['received_at', 'id'], name='spoken_age')],
            },
        ),
        migrations.AddField(
            model_name="waitingoperation",
            name="told",
            field=models.CharField(
                blank=True, help_text="why declined, for its sender", max_length=200
            ),
        ),
        scope_table("field_spokennote"),
    ]
