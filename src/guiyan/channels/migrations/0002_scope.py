"""A message is seen where its recipient is looked after; a binding and an inbox also by their owner."""

from django.db import migrations

from guiyan.platform.rls import append_only, scope_table, scope_with_parent


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]
    operations = [
        scope_table("channels_outboxmessage"),
        scope_with_parent("channels_deliveryreceipt", "message_id", "channels_outboxmessage"),
        append_only("channels_deliveryreceipt"),
        scope_table("channels_binding", member_column="recipient_id"),
        scope_with_parent("channels_subscriptioncredit", "binding_id", "channels_binding"),
        scope_table("channels_inboxmessage", member_column="recipient_id"),
        scope_table("channels_callentry"),
        scope_table("channels_grouptext"),
    ]
