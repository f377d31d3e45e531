from importlib import import_module

from django.apps import AppConfig


class LiaisonConfig(AppConfig):
    name = "guiyan.liaison"
    label = "liaison"

    def ready(self) -> None:
        """Contacts show on the case's page and in the file's timeline."""
        import_module("guiyan.liaison.panels").join_lower_rooms()
        import_module("guiyan.liaison.cadence.joining").join_lower_rooms()
        import_module("guiyan.liaison.pairing.moving").join_lower_rooms()
        import_module("guiyan.liaison.on_phone.joining").join_lower_rooms()
