from importlib import import_module

from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "guiyan.field"
    label = "field"

    def ready(self) -> None:
        """The doctor looks at what waits; counts of what is overdue hear of moved organisations."""
        import_module("guiyan.field.checks")
        import_module("guiyan.field.joining").join_lower_rooms()
