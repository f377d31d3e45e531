"""Two officers press "commit" at the same moment, each on a connection of their own."""

from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection, transaction
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    _planted,
    seen_by_the_database,
)
from tests.integration.liaison.test_pairing import TOWN, placed, proposed, someone

from guiyan.liaison.models import ContactPerson
from guiyan.liaison.pairing import commands
from guiyan.platform.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(first: UUID, second: UUID) -> list[str]:
    ready, outcomes = Barrier(2), []

    def run(draft_id: UUID) -> None:
        try:
            ready.wait()
            commands.commit_pairs(by=TOWN, draft_id=draft_id)
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.code)
        except Exception as other:
            outcomes.append(type(other).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(one,)) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_of_one_proposal_and_of_two_one_commit_takes_effect_and_the_other_is_told() -> None:
    someone("阿支")
    for serial in range(4):
        placed(f"甲{serial}")
        both = proposed()
        assert at_once(both, both) == ["decided", "done"]
        placed(f"乙{serial}")
        assert at_once(proposed(), proposed()) == ["changed-meanwhile", "done"]
    with transaction.atomic(), seen_by_the_database():
        assert ContactPerson.objects.filter(valid_to__isnull=True).count() == 8
