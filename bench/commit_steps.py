"""`python -m bench.commit_steps seed ADMIN_URL MEMBERS CARERS`: people, their dues, two proposals, whose
ids it prints; `… commit ID ID`: the worker's job commits both; one JSON."""

import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from guiyan.platform.cli import boot

boot.set_up_django()

from django.db import connection, transaction  # noqa: E402 - after Django

from bench import people  # noqa: E402
from guiyan.access.models import Account, Grant  # noqa: E402
from guiyan.liaison.cadence import materialising  # noqa: E402
from guiyan.liaison.models import ContactPerson, DraftPair, PairingDraft  # noqa: E402
from guiyan.liaison.pairing import committing  # noqa: E402
from guiyan.orgs import commands as orgs  # noqa: E402
from guiyan.platform.actor import Actor  # noqa: E402
from guiyan.platform.bulk import insert_rows  # noqa: E402
from guiyan.platform.cli.progress import bar  # noqa: E402
from guiyan.platform.clock import today  # noqa: E402
from guiyan.platform.scope import scoped  # noqa: E402

# Of a hundred people so many are placed, and only they have a contact person.
PLACED = 70
MEMBERS_OF_A_BRANCH = 17
A_TENTH = 10
WHY: list[list[object]] = [["同一支部", {}], ["共联系%(load)s人（上限%(limit)s人）",
                                          {"load": 9, "limit": 12}]]  # fmt: skip


def seed(admin_url: str, members: int, carers: int, by: Actor) -> list[UUID]:
    """So many placed members with their dues, and contact persons in branches all over."""
    orgs.seed_kinds(by=by)
    orgs.seed_parameters(by=by)
    many = members * 100 // PLACED * 21 // 20  # by chance a few fewer are placed
    bodies = people.tree(many // MEMBERS_OF_A_BRANCH)
    people.pour(admin_url, bodies, many, bar())
    branches = [body for body in bodies if body.level == 4]
    accounts = [
        Account(login=f"bench-{number}", name=f"联系人{number}", password="-")
        for number in range(carers)
    ]
    grants = [
        Grant(
            account=account, role="liaison", organisation_id=UUID(branch.id), path=branch.path,
            valid_from=today(), granted_by="bench",
        )
        for number, account in enumerate(accounts)
        for branch in (branches[number * len(branches) // carers],)
    ]  # fmt: skip
    with transaction.atomic(), scoped(by.scope):
        insert_rows(accounts)
        insert_rows(grants)
    materialising.tonight(today(), by)
    return [account.id for account in accounts]


def propose(by: Actor, accounts: list[UUID], first: int, many: int) -> PairingDraft:
    """Everybody of so many goes to somebody else: nothing is spared."""
    with transaction.atomic(), scoped(by.scope):
        rows = ContactPerson.objects.filter(valid_to__isnull=True).order_by("case_id")
        present = list(rows.values_list("case_id", "account_id")[first : first + many])
        if len(present) != many:
            raise SystemExit(f"{len(present)} of {many} are placed")
        draft = PairingDraft.objects.create(
            organisation_id=uuid4(), path="", made_by_name="bench", state="committing",
            acting=by.kept(),
        )  # fmt: skip
        lines = [
            DraftPair(
                draft=draft, case_id=case_id, present_account_id=before, present_name="联系人",
                account_id=accounts[place * len(accounts) // many], name="联系人", why=WHY,
            )
            for place, (case_id, before) in enumerate(present)
        ]  # fmt: skip
        for start in range(0, many, 5_000):
            insert_rows(lines[start : start + 5_000])
    return draft


@contextmanager
def counting() -> Iterator[list[int]]:
    """How many statements went to the database."""
    sent = [0]

    def count(execute: Any, *statement: Any) -> Any:
        sent[0] += 1
        return execute(*statement)

    with connection.execute_wrapper(count):
        yield sent


def commit(draft: PairingDraft) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    with counting() as sent:
        committing.commit_later(draft_id=str(draft.id))
    wall_s, cpu_s = time.perf_counter() - wall, time.process_time() - cpu
    with transaction.atomic(), scoped(Actor.system("bench").scope):
        lines = draft.pairs.count()
        if PairingDraft.objects.get(id=draft.id).state != "committed":
            raise SystemExit("nothing was committed")
    return {
        "lines": lines,
        "seconds": round(wall_s, 1),
        "python_cpu_s": round(cpu_s, 2),
        "python_cpu_ms_a_line": round(cpu_s / lines * 1000, 3),
        "statements": sent[0],
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def seed_and_propose(admin_url: str, members: int, carers: int) -> None:
    """In a process of its own: what it took to fill the house is no part of what a worker takes."""
    by = Actor.system("bench")
    accounts = seed(admin_url, members, carers, by)
    few = members // A_TENTH
    drafts = [propose(by, accounts, 0, few), propose(by, accounts, few, members - few)]
    print(json.dumps([str(draft.id) for draft in drafts]))


def commit_both(draft_ids: list[str]) -> None:
    found = {}
    for name, draft_id in zip(("tenth", "rest"), draft_ids, strict=True):
        with transaction.atomic(), scoped(Actor.system("bench").scope):
            draft = PairingDraft.objects.get(id=draft_id)
        found[name] = commit(draft)
    print(json.dumps(found))


if __name__ == "__main__":
    if sys.argv[1] == "commit":
        commit_both(sys.argv[2:])
    else:
        seed_and_propose(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
