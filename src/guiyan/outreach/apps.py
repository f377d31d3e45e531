"""Outreach: the premises of an area that canvassers visit, and the census over them."""

from importlib import import_module

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "guiyan.outreach"
    label = "outreach"

    def ready(self) -> None:
        """The census is named in the audit, and hears of organisations that move or merge."""
        import_module("guiyan.outreach.joining").join_lower_rooms()
