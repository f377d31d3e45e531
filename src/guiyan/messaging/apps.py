from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "guiyan.messaging"
    label = "messaging"
