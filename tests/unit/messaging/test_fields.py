"""Every column of the room says whether it is about a person, and until when."""

from django.apps import apps

from guiyan.messaging.fields import NOT_PERSONAL, PERSONAL_FIELDS


def test_every_column_is_declared_once() -> None:
    columns = [
        f"{model._meta.model_name}.{field.column}"
        for model in apps.get_app_config("messaging").get_models()
        for field in model._meta.concrete_fields
    ]
    personal = [column for group in PERSONAL_FIELDS for column in group.columns]
    assert sorted([*personal, *NOT_PERSONAL]) == sorted(columns)
