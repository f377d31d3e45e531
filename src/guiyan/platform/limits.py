"""How often the same thing may be asked for: counted in PostgreSQL, under a keyed hash."""

from datetime import timedelta

from django.db import connection

from guiyan.platform.keys import key_ring


def take(what: str, who: str, *, limit: int, per: timedelta) -> bool:
    """Count one use of `what` by `who`; False when `limit` in the window `per` is used up.

    The window is fixed and starts with its first use. Counts stand also when the caller's
    transaction commits only; a refused request that rolls back is not counted, so callers
    refuse with a page, not with an exception.
    """
    key = key_ring().blind_index(f"{what}\n{who}", purpose="rate-limit")
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into platform_ratebucket as b (key, window_started, taken)"
            " values (%(key)s, now(), 1) on conflict (key) do update set"
            " taken = case when b.window_started < now() - %(per)s::interval then 1 else b.taken + 1 end,"
            " window_started = case when b.window_started < now() - %(per)s::interval then now()"
            " else b.window_started end returning taken",
            {"key": key, "per": f"{per.total_seconds()} seconds"},
        )
        (taken,) = cursor.fetchone()
    return int(taken) <= limit


def give_back(what: str, who: str) -> None:
    """Forget what was counted: somebody answerable has looked into it."""
    key = key_ring().blind_index(f"{what}\n{who}", purpose="rate-limit")
    with connection.cursor() as cursor:
        cursor.execute("update platform_ratebucket set taken = 0 where key = %s", [key])
