"""What both providers of SMS have in common: what a text costs, whom the demo may reach, and what a
line that broke leaves known."""

from collections.abc import Callable

from django.conf import settings

from guiyan.channels import network
from guiyan.channels.rules import sms_parts
from guiyan.channels.types import Cost, Declined, Outcome, Outgoing, Unknown, Word

FEN_A_PART = 5
TEST_NUMBERS = "+8612"


def cost_of(message: Outgoing, sign_name: str) -> Cost:
    """By the parts of 【signature】 and text."""
    parts = sms_parts(f"【{sign_name}】{message.text}")
    return Cost(parts * FEN_A_PART, parts)


def send(message: Outgoing, ask: Callable[[Outgoing], Outcome], *, is_configured: bool) -> Outcome:
    """`ask` hands the text to the provider. Where the line broke before that nothing went, and it is
    tried again; where it broke afterwards nobody knows, and a person decides."""
    if not is_configured:
        return Declined("not-configured", is_permanent=True)
    if not may_reach(message.address):
        return Declined("demo-number", is_permanent=True)
    try:
        return ask(message)
    except network.NotSent as error:
        return Declined("no-connection", is_permanent=False, detail=str(error))
    except network.NoAnswer as error:
        return Unknown(str(error))


def enquire(ask: Callable[[], Word]) -> Word:
    """What the provider says of a text it had; nothing where the line broke."""
    try:
        return ask()
    except (network.NotSent, network.NoAnswer):
        return "no-answer"


def may_reach(phone: str) -> bool:
    """The demo sends to invented numbers only, which no operator has."""
    return not settings.DEMO or phone.startswith(TEST_NUMBERS)
