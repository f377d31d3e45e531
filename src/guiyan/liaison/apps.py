from django.apps import AppConfig


class LiaisonConfig(AppConfig):
    name = "guiyan.liaison"
    label = "liaison"
