from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "guiyan.channels"
    label = "channels"
