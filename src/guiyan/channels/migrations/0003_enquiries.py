"""The provider is asked for an end that it has not reported."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0002_scope'),
    ]

    operations = [
        migrations.AddField(
            model_name='outboxmessage',
            name='ask_at',
            field=models.DateTimeField(help_text='when the provider is asked how it ended', null=True),
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='asked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='asked_word',
            field=models.CharField(db_default='', default='', help_text='what it said the last time', max_length=10),
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='asks',
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('ask_at__isnull', False)), fields=['ask_at'], name='outbox_to_ask'),
        ),
    ]
