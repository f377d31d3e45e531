"""What both providers of SMS have in common: what a text costs, and whom the demo may reach."""

from django.conf import settings

from guiyan.channels.rules import sms_parts
from guiyan.channels.types import Cost, Outgoing

FEN_A_PART = 5
TEST_NUMBERS = "+8612"


def cost_of(message: Outgoing, sign_name: str) -> Cost:
    """By the parts of 【signature】 and text."""
    parts = sms_parts(f"【{sign_name}】{message.text}")
    return Cost(parts * FEN_A_PART, parts)


def may_reach(phone: str) -> bool:
    """The demo sends to invented numbers only, which no operator has."""
    return not settings.DEMO or phone.startswith(TEST_NUMBERS)
