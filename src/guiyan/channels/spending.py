"""What was spent and sent, and the two brakes: money on a day, messages in a month."""

from datetime import date
from typing import Literal

from django.db.models import F

from guiyan.channels.models import ChannelLimits, Spending
from guiyan.channels.rules import DEFAULT_LIMITS
from guiyan.channels.types import Cost, Limits

Brake = Literal["", "day", "month"]


def limits_of(channel: str) -> Limits:
    row = ChannelLimits.objects.filter(channel=channel).first()
    return Limits(row.day_fen, row.month_messages) if row else DEFAULT_LIMITS


def reserve(channel: str, cost: Cost, on: date, limits: Limits, *, is_code: bool) -> Brake:
    """Count a message before it is sent; the brake that stands against it, else nothing.

    One statement each, so that workers side by side never pass a limit together. Codes are
    counted in the month, but the month's quota does not hold them back.
    """
    money = {"fen__lte": limits.day_fen - cost.fen} if cost.fen else {}
    if not _count(channel, _day(on), cost, money):
        return "day"
    room = {} if is_code else {"messages__lte": limits.month_messages - cost.messages}
    if not _count(channel, _month(on), cost, room):
        give_back(channel, cost, on, months=False)
        return "month"
    return ""


def give_back(channel: str, cost: Cost, on: date, *, months: bool = True) -> None:
    """It is known not to be sent: a provider does not charge for that."""
    periods = [_day(on), _month(on)] if months else [_day(on)]
    Spending.objects.filter(channel=channel, period__in=periods).update(
        fen=F("fen") - cost.fen, messages=F("messages") - cost.messages
    )


def spent(channel: str, on: date) -> tuple[int, int, int]:
    """Fen and messages of the day, messages of the month."""
    rows = {row.period: row for row in Spending.objects.filter(channel=channel)
            .filter(period__in=[_day(on), _month(on)])}  # fmt: skip
    day, month = rows.get(_day(on)), rows.get(_month(on))
    return (day.fen if day else 0, day.messages if day else 0, month.messages if month else 0)


def _count(channel: str, period: str, cost: Cost, room: dict[str, int]) -> bool:
    """Add to the sum of a period where there is room; its first message makes its row."""
    row = Spending.objects.filter(channel=channel, period=period)
    more = {"fen": F("fen") + cost.fen, "messages": F("messages") + cost.messages}
    if row.filter(**room).update(**more):
        return True
    _, is_new = Spending.objects.get_or_create(channel=channel, period=period)
    return is_new and bool(row.filter(**room).update(**more))


def _day(on: date) -> str:
    return on.isoformat()


def _month(on: date) -> str:
    return f"{on:%Y-%m}"
