"""When a phone may come: many at once are told when to come, spread over time (OpenCRVS #12881).

A bucket of permits refills steadily; so many calls run at once. Whoever is turned away gets a time
of their own, each a little later than the one before, so that they do not come back together.
"""

from dataclasses import dataclass, field

SHORTEST_S = 2
LONGEST_S = 600  # ten minutes: a thousand phones are through by then


@dataclass(slots=True)
class Gate:
    """Calls `per_s` in the long run, `burst` at a stroke, `at_once` side by side."""

    per_s: float
    burst: int
    at_once: int
    permits: float = field(init=False)
    refilled_at: float = field(init=False, default=0.0)
    inside: int = field(init=False, default=0)
    promised_until: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.permits = float(self.burst)

    def enter(self, now: float, jitter: float) -> int:
        """0: come in. Otherwise the seconds after which to come again; `jitter` is in 0 … 1."""
        self.permits = min(self.burst, self.permits + (now - self.refilled_at) * self.per_s)
        self.refilled_at = now
        if self.permits >= 1 and self.inside < self.at_once:
            self.permits -= 1
            self.inside += 1
            return 0
        self.promised_until = max(self.promised_until, now) + 1 / self.per_s
        wait = self.promised_until - now + SHORTEST_S * (1 + jitter)
        if wait > LONGEST_S:  # the queue is full: anywhere in the window, so that none piles up
            wait = SHORTEST_S + (LONGEST_S - SHORTEST_S) * jitter
        return max(SHORTEST_S, round(wait))

    def leave(self) -> None:
        self.inside -= 1
