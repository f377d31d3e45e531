from importlib import import_module

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "guiyan.platform"
    label = "platform"

    def ready(self) -> None:
        """Registers the clock's jobs, which need the tables to be known first, figures, the filter."""
        import_module("guiyan.platform.upkeep")
        import_module("guiyan.platform.health.doctor")
        import_module("guiyan.platform.lookups")
