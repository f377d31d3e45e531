"""What work without a line stores about persons is declared."""

from django.apps import apps

from guiyan.field.fields import PERSONAL_FIELDS

SYNC = {"devicestate", "pulledarea", "receipt", "spokennote", "waitingoperation"}
OF_PERSONS = (
    "account",
    "name",
    "sent",
    "kept",
    "decided_by",
    "description",
    "sound",
    "box",
    "told",
)


def test_every_column_about_a_person_is_declared_with_purpose_readers_and_end() -> None:
    declared = {column for field in PERSONAL_FIELDS for column in field.columns}
    stored = {
        f"{model._meta.model_name}.{field.column}"
        for model in apps.get_app_config("field").get_models()
        if model._meta.model_name in SYNC
        for field in model._meta.concrete_fields
    }
    personal = {
        one for one in stored if any(word in one.partition(".")[2] for word in OF_PERSONS)
    } - {"devicestate.unsent"}
    assert personal == declared
    assert all(str(f.purpose) and str(f.readers) and str(f.delete_after) for f in PERSONAL_FIELDS)
