"""Two phones that say something of the same members lock their stays in one order."""

from uuid import uuid4

import pytest
from django.db import transaction
from tests.cast import NEXT_BRANCH
from tests.integration.field.conftest import enlist
from tests.integration.flows.conftest import _planted  # noqa: F401 - planted by being named
from tests.integration.liaison.test_on_phone import clock, member_of, pulled  # noqa: F401
from tests.integration.outreach.test_one_order import _PATIENCE_S, Pressed

from guiyan.field.commands import receiving
from guiyan.field.models import Due
from guiyan.field.types import Batch
from guiyan.flows.models import Case
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_batch_waits_for_the_first_stay_before_it_touches_the_second() -> None:
    carer = enlist("liaison", NEXT_BRANCH, "俄木阿芝")
    first, second = sorted(member_of(carer, name).id for name in ("阿依", "阿果"))
    area_id = str(carer.actor.account_id)
    token = pulled(carer.phone).token
    batch = Batch(
        tuple(
            {
                "id": str(uuid4()), "kind": "liaison.contact", "version": 1, "base_version": None,
                "area_id": area_id, "subject_id": str(case_id), "at_device": "",
                "body": {"how": "call", "was_reached": True},
            }
            for case_id in (second, first)
        ),
        packets={area_id: token},
    )  # fmt: skip
    sender, actor = receiving.sender_of(carer.handset_id)
    answers: list[str] = []

    def sends() -> None:
        answers.extend(one.state for one in receiving.receive(by=actor, sender=sender, batch=batch))

    phone = Pressed(sends)
    with transaction.atomic(), scoped(Scope.everywhere()):
        Case.objects.select_for_update().get(pk=first)
        phone.start_and_wait_in_line()
        owed = Due.objects.select_for_update(nowait=True).filter(subject_id=second)
        assert list(owed)
    phone.join(_PATIENCE_S)
    assert (phone.outcome, answers) == ("done", ["applied", "applied"])
