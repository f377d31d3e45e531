"""How requests go: how many by route and answer, and how long they took (rate, errors, duration).

A route is the name of a URL, never the URL: identifiers in a path are nobody's business here.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# What a page may take (docs/performance.md), and what makes people wait.
STEPS_S = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

_answered = Counter(
    "guiyan_requests", "Requests answered.", ("route", "method", "status"), registry=REGISTRY
)
_lasted = Histogram(
    "guiyan_request_seconds", "How long they took.", ("route",), buckets=STEPS_S, registry=REGISTRY
)


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Safe from any thread; an unknown route or method is one word for all of them."""
    _answered.labels(route or "none", method if method in METHODS else "other", status).inc()
    _lasted.labels(route or "none").observe(seconds)
