"""`python -m bench.outbox_steps REMINDERS SENT`: put, put again, send; one JSON of seconds."""

import json
import resource
import sys
import time
from datetime import UTC, datetime, timedelta

from guiyan.platform.cli import boot

boot.set_up_django()

from guiyan.channels import commands, dispatching  # noqa: E402 - after Django
from guiyan.channels.types import NewMessage  # noqa: E402
from guiyan.platform.actor import Actor  # noqa: E402

NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)  # in China: at night nothing but codes goes out
LATER = timedelta(days=1)


def reminders(count: int, slot: str, *, is_due: bool) -> list[NewMessage]:
    at = NOON if is_due else NOON + LATER
    return [
        NewMessage(
            key=f"{number}:monthly:{slot}",
            channel="aliyun_sms",
            address=f"+8612{number:09d}",
            text="请与支部联系。",
            template="SMS_1",
            params={"what": "联系"},
            send_after=at,
            path="0001",
        )
        for number in range(count)
    ]


def main(count: int, sent: int) -> None:
    by = Actor.system("bench")
    messages = reminders(count, "later", is_due=False)
    wall, cpu = time.perf_counter(), time.process_time()
    commands.put(by=by, messages=messages)
    put_s, put_cpu_s = time.perf_counter() - wall, time.process_time() - cpu
    wall = time.perf_counter()
    commands.put(by=by, messages=messages)
    again_s = time.perf_counter() - wall
    commands.put(by=by, messages=reminders(sent, "now", is_due=True))
    wall = time.perf_counter()
    dispatching.run(lambda: NOON, threads=4)
    send_s = time.perf_counter() - wall
    print(
        json.dumps(
            {
                "reminders": count,
                "put_s": round(put_s, 1),
                "put_cpu_s": round(put_cpu_s, 1),
                "put_again_s": round(again_s, 1),
                "sent": sent,
                "send_s": round(send_s, 1),
                "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
