"""What is kept for a time goes in the night after it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from tests.cast import MEIGU

from guiyan.insight import fields as insight_fields
from guiyan.insight.jobs import obey_retention as obey_for_imports
from guiyan.insight.models import ImportBatch
from guiyan.platform.clock import now
from guiyan.platform.scope import Scope, scoped
from guiyan.web import fields as web_fields
from guiyan.web.jobs import obey_retention as obey_for_feedback
from guiyan.web.models import Feedback

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("room", "said"), [("insight", insight_fields), ("web", web_fields)])
def test_every_column_is_declared_with_purpose_readers_and_end(room: str, said: Any) -> None:
    stored = {
        f"{model._meta.model_name}.{field.column}"
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.concrete_fields
    }
    declared = [column for field in said.PERSONAL_FIELDS for column in field.columns]
    assert len(declared) == len(set(declared))
    assert set(declared) | said.NOT_PERSONAL == stored
    assert not set(declared) & said.NOT_PERSONAL
    for rule in said.RETENTION:
        assert all(rule.table._meta.get_field(column) for column in (rule.since, *rule.erases))
    for field in said.PERSONAL_FIELDS:
        assert all(map(str, (field.name, field.purpose, field.readers, field.delete_after)))


def test_feedback_is_kept_two_years() -> None:
    with scoped(Scope.everywhere()):
        for days in (729, 731):
            said = Feedback.objects.create(path=MEIGU.path, text=f"{days}")
            Feedback.objects.filter(id=said.id).update(sent_at=now() - timedelta(days=days))
    obey_for_feedback()
    with scoped(Scope.everywhere()):
        assert [said.text for said in Feedback.objects.all()] == ["729"]


def test_an_import_keeps_its_counts_and_after_half_a_year_nothing_of_its_rows() -> None:
    with scoped(Scope.everywhere()):
        for days in (179, 181):
            batch = ImportBatch.objects.create(
                path=MEIGU.path,
                organisation_id=MEIGU.id,
                organisation_name=MEIGU.name,
                kind="members",
                file_name="花名册.xlsx",
                stored_file_id=uuid4(),
                fingerprint="x",
                counts={"rows": days},
                sample=[["阿力木呷"]],
                changes=[{"before": {"trade": "木工"}}],
                committed_at=now() - timedelta(days=days - 150),
                problems={"says": ["号码有误"], "at": [[1, 2, 0]]},
                created_by_name="吉木阿依",
            )
            ImportBatch.objects.filter(id=batch.id).update(created_at=now() - timedelta(days=days))
    obey_for_imports()
    with scoped(Scope.everywhere()):
        young, old = ImportBatch.objects.order_by("-created_at")
    assert (young.file_name, len(young.sample)) == ("花名册.xlsx", 1)
    assert (old.file_name, old.sample, old.problems) == ("", [], {})
    assert (len(young.changes), old.changes) == (1, [])
    assert old.counts == {"rows": 181}
