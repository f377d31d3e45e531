from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "guiyan.access"
    label = "access"
