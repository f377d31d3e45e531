"""`python -m bench.reminder_steps MEMBERS`: seed, preview, say, say again; one JSON of seconds."""

import json
import resource
import sys
import time
from datetime import date
from uuid import UUID

from guiyan.platform.cli import boot

boot.set_up_django()

from django.db import transaction  # noqa: E402 - after Django

from guiyan.members import commands as members  # noqa: E402
from guiyan.members.models import Consent  # noqa: E402
from guiyan.members.types import NewMember  # noqa: E402
from guiyan.messaging import commands  # noqa: E402
from guiyan.orgs import commands as orgs  # noqa: E402
from guiyan.orgs.types import NewOrganisation  # noqa: E402
from guiyan.platform.actor import Actor  # noqa: E402
from guiyan.platform.scope import Scope, scoped  # noqa: E402

AT_ONCE = 5_000
PURPOSE, SLOT = "meeting_reminder", "2026-11"
# Of a hundred members, so many have not agreed, and so many have a relative's number.
SILENT, RELATIVES = 10, 5


def seed(by: Actor, many: int) -> list[UUID]:
    """Members of one province's committee, each with a number; most of them agree to messages."""
    orgs.seed_kinds(by=by)
    orgs.seed_parameters(by=by)
    (place,) = orgs.open_organisations(
        by=by,
        new=[NewOrganisation(None, "province_committee", "四川省委", "B1", "510000000000")],
        reason="bench",
    )
    ids: list[UUID] = []
    for start in range(0, many, AT_ONCE):
        new = [
            NewMember(
                name="阿力木呷",
                phone=f"12{number:09d}",
                phone_whose="relative" if number % 100 < RELATIVES else "own",
                phone_relation="儿子" if number % 100 < RELATIVES else "",
                host_organisation_id=place.id,
                home_text="外省",
            )
            for number in range(start, min(start + AT_ONCE, many))
        ]
        ids += [one.id for one in members.register_members(by=by, new=new, reason="bench")]
    agreed = [
        Consent(
            member_id=one, purpose="contact_by_message", notice_version="bench",
            given_how="paper", given_on=date(2026, 1, 1),
        )
        for place_in_row, one in enumerate(ids)
        if place_in_row % 100 >= SILENT
    ]  # fmt: skip
    with transaction.atomic(), scoped(Scope.everywhere()):
        Consent.objects.bulk_create(agreed, batch_size=AT_ONCE)
    return ids


def main(many: int) -> None:
    by = Actor.system("bench")
    wall = time.perf_counter()
    ids = seed(by, many)
    seed_s = time.perf_counter() - wall
    wall = time.perf_counter()
    with transaction.atomic(), scoped(by.scope):
        commands.preview_saying(by=by, purpose=PURPOSE, slot=SLOT, member_ids=ids, facts={})
    preview_s = time.perf_counter() - wall
    wall, cpu = time.perf_counter(), time.process_time()
    plan = commands.say(by=by, purpose=PURPOSE, slot=SLOT, member_ids=ids, facts={})
    say_s, say_cpu_s = time.perf_counter() - wall, time.process_time() - cpu
    wall = time.perf_counter()
    again = commands.say(by=by, purpose=PURPOSE, slot=SLOT, member_ids=ids, facts={})
    print(
        json.dumps(
            {
                "members": many,
                "by_channel": plan.by_channel,
                "already_the_second_time": again.already,
                "say_s": round(say_s, 1),
                "say_cpu_s": round(say_cpu_s, 1),
                "say_again_s": round(time.perf_counter() - wall, 1),
                "preview_s": round(preview_s, 1),
                "seed_s": round(seed_s, 1),
                "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
