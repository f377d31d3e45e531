from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "guiyan.members"
    label = "members"
