"""What is stored about persons is declared; the rest of a census is about doors."""

from django.apps import apps

from guiyan.outreach.fields import PERSONAL_FIELDS

CENSUS = {
    "premises", "round", "team", "teamperson", "area", "standing", "visit", "handover",
    "standingdelta", "standingcount", "screened", "draw", "backcheck",
}  # fmt: skip
OF_PERSONS = ("name", "account", "phone", "manager")
OF_THINGS = {
    "premises.name", "premises.name_key", "team.name", "area.name",
}  # fmt: skip


def test_every_column_about_a_person_is_declared_with_purpose_readers_and_end() -> None:
    declared = {
        column
        for field in PERSONAL_FIELDS
        for column in field.columns
        if column.partition(".")[0] in CENSUS
    }
    stored = {
        f"{model._meta.model_name}.{field.column}"
        for model in apps.get_app_config("outreach").get_models()
        if model._meta.model_name in CENSUS
        for field in model._meta.concrete_fields
    }
    assert declared <= stored
    personal = {one for one in stored if any(word in one.partition(".")[2] for word in OF_PERSONS)}
    assert personal - OF_THINGS <= declared
    assert all(str(f.purpose) and str(f.readers) and str(f.delete_after) for f in PERSONAL_FIELDS)
