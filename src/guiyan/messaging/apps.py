from importlib import import_module

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "guiyan.messaging"
    label = "messaging"

    def ready(self) -> None:
        """News of messages is heard; codes go out; the member's page leads to their messages."""
        import_module("guiyan.messaging.joining").join_lower_rooms()
