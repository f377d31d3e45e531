"""An introduction states until when dues are paid (组通字〔2006〕45号)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flows", "0003_letters_of_an_issuer")]
    operations = [
        migrations.AddField(
            model_name="letter",
            name="dues_paid_to",
            field=models.DateField(help_text="stated by an introduction", null=True),
        ),
    ]
