"""A stop word by SMS comes from a number: it holds for everybody who has it."""

import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0002_scope'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoppedNumber',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('blind', models.BinaryField(help_text='keyed hash of the number')),
                ('sealed', models.BinaryField(help_text='the number; erased with the last file', null=True)),
                ('how', models.CharField(help_text='the channel of the reply', max_length=20)),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('blind',), name='stop_of_number')],
            },
        ),
    ]
