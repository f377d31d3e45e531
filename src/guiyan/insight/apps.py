from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "guiyan.insight"
    label = "insight"
