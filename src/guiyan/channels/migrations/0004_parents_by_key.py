"""A row's parent is looked up by its key: reading many rows no longer gathers all parents first."""

from django.db import migrations

from guiyan.platform.rls import look_up_parent


class Migration(migrations.Migration):
    dependencies = [("channels", "0003_enquiries")]
    operations = [
        look_up_parent("channels_deliveryreceipt", "message_id", "channels_outboxmessage"),
        look_up_parent("channels_subscriptioncredit", "binding_id", "channels_binding"),
    ]
