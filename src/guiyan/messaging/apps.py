from importlib import import_module

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "guiyan.messaging"
    label = "messaging"

    def ready(self) -> None:
        """News of messages is heard; codes go out; the member's page leads to their messages; the doctor
        looks at what waits for people."""
        import_module("guiyan.messaging.checks")
        import_module("guiyan.messaging.joining").join_lower_rooms()
