from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "guiyan.field"
    label = "field"
