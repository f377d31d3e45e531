from importlib import import_module

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "guiyan.channels"
    label = "channels"

    def ready(self) -> None:
        """The doctor looks at the ways out; what is sealed here is sealed again with a new key."""
        import_module("guiyan.channels.checks")
        import_module("guiyan.channels.contents").join_lower_rooms()
