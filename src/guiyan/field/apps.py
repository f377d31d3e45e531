from importlib import import_module

from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "guiyan.field"
    label = "field"

    def ready(self) -> None:
        """Counts of what is overdue are made anew when organisations move."""
        import_module("guiyan.field.joining").join_lower_rooms()
