"""Access tokens of WeChat and WeCom: one for the whole deployment, sealed, fetched by one at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from guiyan.channels import contents
from guiyan.channels.models import ChannelToken
from guiyan.platform.clock import now
from guiyan.platform.scope import Scope, scoped
from guiyan.platform.turns import wait_for_turn

# So long before its end a token is fetched anew, so that none runs out on its way.
EARLY = timedelta(minutes=5)
TABLE = "channels_channeltoken"
Fetch = Callable[[], tuple[str, int]]


def access_token(channel: str, fetch: Fetch) -> str:
    """The token that holds now. `fetch` asks the provider for (token, seconds that it lasts).

    The turn is held while the provider is asked (at most the patience of one request):
    a second fetch could void the first one's token. No row is locked meanwhile.
    """
    with transaction.atomic(), scoped(Scope.everywhere()):
        if token := _held(channel, now()):
            return token
    with transaction.atomic(), scoped(Scope.everywhere()):
        wait_for_turn(f"token {channel}")
        if token := _held(channel, now()):
            return token
        token, lasts_s = fetch()
        ChannelToken.objects.update_or_create(
            channel=channel,
            defaults={
                "token": contents.seal_column(TABLE, "token", channel, token),
                "expires_at": now() + timedelta(seconds=lasts_s),
            },
        )
        return token


def forget(channel: str) -> None:
    """The provider says that the token no longer holds."""
    with transaction.atomic(), scoped(Scope.everywhere()):
        ChannelToken.objects.filter(channel=channel).delete()


def _held(channel: str, at: datetime) -> str:
    row = ChannelToken.objects.filter(channel=channel, expires_at__gt=at + EARLY).first()
    return contents.open_column(TABLE, "token", channel, row.token) if row else ""
