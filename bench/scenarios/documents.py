"""Papers: a register of three hundred lines and a letter, as PDF, in this process."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction

from bench import figures
from bench.big import Officer
from guiyan.access.roles import permissions_of
from guiyan.flows.documents import facts as documents
from guiyan.flows.registers import register_page
from guiyan.flows.types import RegisterFilter
from guiyan.insight.printing import printed_register, summary_of
from guiyan.insight.register_rows import rows_of
from guiyan.orgs import queries as orgs
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now, today
from guiyan.platform.scope import scoped

LINES, TIMES = 300, 10


def measure(officer: Officer) -> dict[str, Any]:
    role = ("county_officer",)
    actor = Actor(
        "staff", "试算员", today(), organisation_name="县委", path=officer.path, roles=role,
        permissions=permissions_of(role),
    )  # fmt: skip
    register, lines = _register(actor)
    return {
        "register_lines": lines,
        "register_pdf": _timed(register),
        "letter_pdf": _timed(_letter),
    }


def _register(actor: Actor) -> tuple[Callable[[], bytes], int]:
    with transaction.atomic(), scoped(actor.scope):
        shown = register_page(actor, "out", actor.path, RegisterFilter(), limit=LINES)
        rows = rows_of(actor, shown.cases)
        summary = summary_of(actor, "out", actor.path)
        body = orgs.organisation_by_path(actor.path)
    return (
        lambda: printed_register(actor, "out", body.name, rows, as_of=today(), summary=summary),
        len(rows),
    )


def _letter() -> bytes:
    return documents.letter(
        documents.LetterFacts(
            number="试〔2024〕1号",
            sent_on=date(2024, 11, 15),
            sender=documents.Sender(
                organisation="甲镇党委", contact=None, phone=None, address=None
            ),
            to_organisation="乙镇党委",
            member_name="阿依木牛",
            member_id_masked="5134**********0010",
            background="该同志在你处务工。",
            asks=["请核实其居住情况。", "请将其编入党支部参加组织生活。"],
            reply_by=date(2024, 12, 15),
            verify_url="http://127.0.0.1/v/000",
            watermark=documents.Watermark(viewer="试算员", unit="甲镇党委", at=now()),
        )
    )


def _timed(make: Callable[[], bytes]) -> dict[str, float]:
    make()
    took = []
    for _ in range(TIMES):
        started = time.perf_counter()
        content = make()
        took.append((time.perf_counter() - started) * 1000)
    return figures.summary(took) | {"kb": len(content) // 1024}
