from importlib import import_module

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "guiyan.members"
    label = "members"

    def ready(self) -> None:
        """An organisation to which members belong does not close over their heads."""
        import_module("guiyan.members.joining").join_lower_rooms()
