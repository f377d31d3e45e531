"""Every column of the room says whether it is about a person, and until when."""

from django.apps import apps

from guiyan.channels.fields import NOT_PERSONAL, PERSONAL_COLUMNS


def test_every_column_is_declared_once() -> None:
    columns = [
        f"{model._meta.model_name}.{field.column}"
        for model in apps.get_app_config("channels").get_models()
        for field in model._meta.concrete_fields
    ]
    personal = [column for group in PERSONAL_COLUMNS for column in group.columns]
    plain = [f"{table}.{column}" for table, names in NOT_PERSONAL.items() for column in names]
    assert sorted(personal + plain) == sorted(columns)
