"""Which states an operation goes through, and by what; drawn in docs/offline.md."""

from collections.abc import Iterator

BEGINNINGS = {
    "applied": "",
    "merged": "",
    "held": "predecessor missing",
    "conflict": "same field",
    "quarantined": "not the sender's any more",
}

STEPS = {
    ("held", "applied"): "predecessor came",
    ("held", "merged"): "predecessor came",
    ("held", "conflict"): "five days, or predecessor came",
    ("held", "quarantined"): "predecessor declined, or right ended",
    ("held", "declined"): "person declines",
    ("held", "superseded"): "same person corrects",
    ("quarantined", "applied"): "person accepts",
    ("quarantined", "merged"): "person accepts",
    ("quarantined", "conflict"): "person accepts, same field",
    ("quarantined", "quarantined"): "person accepts, can't be applied",
    ("quarantined", "declined"): "person declines",
    ("quarantined", "superseded"): "same person corrects",
    ("conflict", "applied"): "person chooses",
    ("conflict", "conflict"): "person decides, still against",
    ("conflict", "quarantined"): "person decides, can't be applied",
    ("conflict", "declined"): "person declines",
    ("conflict", "superseded"): "same person corrects",
}

ENDS = frozenset({"applied", "merged", "declined", "superseded"})
STATES = frozenset(BEGINNINGS) | {state for step in STEPS for state in step}


def drawn() -> Iterator[str]:
    """The lines of the drawing: beginnings, then each state with what leads out of it."""
    yield "stateDiagram-v2"
    for state, why in BEGINNINGS.items():
        yield f"  [*] --> {state}" + (f": {why}" if why else "")
    for state in sorted(STATES):
        for (before, after), why in sorted(STEPS.items()):
            if before == state:
                yield f"  {before} --> {after}: {why}"
        if state in ENDS:
            yield f"  {state} --> [*]"
