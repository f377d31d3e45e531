from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "guiyan.flows"
    label = "flows"
