from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "guiyan.outreach"
    label = "outreach"
