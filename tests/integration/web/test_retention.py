"""What is kept for a time goes in the night after it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.cast import MEIGU

from guiyan.insight.jobs import forget_what_imports_showed
from guiyan.insight.models import ImportBatch
from guiyan.platform.clock import now
from guiyan.platform.scope import Scope, scoped
from guiyan.web.jobs import forget_old_feedback
from guiyan.web.models import Feedback

pytestmark = pytest.mark.django_db


def test_feedback_is_kept_two_years() -> None:
    with scoped(Scope.everywhere()):
        for days in (729, 731):
            said = Feedback.objects.create(path=MEIGU.path, text=f"{days}")
            Feedback.objects.filter(id=said.id).update(sent_at=now() - timedelta(days=days))
    forget_old_feedback()
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
                problems={"says": ["号码有误"], "at": [[1, 2, 0]]},
                created_by_name="吉木阿依",
            )
            ImportBatch.objects.filter(id=batch.id).update(created_at=now() - timedelta(days=days))
    forget_what_imports_showed()
    with scoped(Scope.everywhere()):
        young, old = ImportBatch.objects.order_by("-created_at")
    assert (young.file_name, len(young.sample)) == ("花名册.xlsx", 1)
    assert (old.file_name, old.sample, old.problems) == ("", [], {})
    assert old.counts == {"rows": 181}
