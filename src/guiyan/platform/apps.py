from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "guiyan.platform"
    label = "platform"
