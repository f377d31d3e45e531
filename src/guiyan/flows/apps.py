from importlib import import_module

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "guiyan.flows"
    label = "flows"

    def ready(self) -> None:
        """Stays go along with merged files, show on the file, and hear of moved organisations."""
        import_module("guiyan.flows.joining").join_lower_rooms()
