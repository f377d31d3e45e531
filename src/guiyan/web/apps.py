from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "guiyan.web"
    label = "web"
