from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "guiyan.orgs"
    label = "orgs"
