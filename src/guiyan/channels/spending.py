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


def reserve(channel: str, cost: Cost, on: date, *, is_code: bool) -> Brake:
    """Count a message before it is sent; the brake that stands against it, else nothing.

    One statement each, so that workers side by side never pass a limit together. Codes are
    counted in the month, but the month's quota does not hold them back.
    """
    limits = limits_of(channel)
    day, month = _period(channel, _day(on)), _period(channel, _month(on))
    more = {"fen": F("fen") + cost.fen, "messages": F("messages") + cost.messages}
    room = Spending.objects.filter(pk=day.pk)
    if cost.fen:
        room = room.filter(fen__lte=limits.day_fen - cost.fen)
    if not room.update(**more):
        return "day"
    this_month = Spending.objects.filter(pk=month.pk)
    if not is_code:
        this_month = this_month.filter(messages__lte=limits.month_messages - cost.messages)
    if not this_month.update(**more):
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


def _period(channel: str, period: str) -> Spending:
    row, _ = Spending.objects.get_or_create(channel=channel, period=period)
    return row


def _day(on: date) -> str:
    return on.isoformat()


def _month(on: date) -> str:
    return f"{on:%Y-%m}"
