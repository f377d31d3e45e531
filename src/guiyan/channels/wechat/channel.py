"""Subscription notices of the WeChat official account: one tap allows one message."""

from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guiyan.channels import configuration, network, taps, tokens
from guiyan.channels.types import Cost, Declined, Kind, Outcome, Outgoing, Unknown
from guiyan.channels.wechat import wire


class NoToken(Exception):
    """The provider gave no access token: nothing can be sent, and nothing was."""


class WeChat:
    code = "wechat"
    name = _("微信公众号")
    kind: Kind = "push"
    is_local = False
    gives_receipts = True

    def is_configured(self) -> bool:
        return configuration.has(self.code, "app_id", "secret", "token", "aes_key")

    def cost(self, message: Outgoing) -> Cost:
        return Cost()

    def send(self, message: Outgoing) -> Outcome:
        """A one-time template takes one counted tap; it is given back when nothing was sent."""
        if not self.is_configured():
            return Declined("not-configured", is_permanent=True)
        is_counted = message.template not in long_term_templates()
        if is_counted and not taps.take(message):
            return Declined("no-credit", is_permanent=True)
        outcome = self._send(message)
        if isinstance(outcome, Declined):
            if outcome.code == str(wire.NOT_SUBSCRIBED):
                taps.refused(message)
            elif is_counted:
                taps.give_back(message)
        return outcome

    def _send(self, message: Outgoing) -> Outcome:
        body = wire.send_body(
            openid=message.address,
            template=message.template,
            page=settings.PUBLIC_URL,
            params=message.params,
        )
        try:
            token = tokens.access_token(self.code, fetch_token)
            target = f"{wire.SEND_TARGET}?access_token={quote(token, safe='')}"
        except (network.NotSent, network.NoAnswer, NoToken) as error:
            return Declined("no-token", is_permanent=False, detail=str(error))
        try:
            answer = network.ask(self.code, "POST", target, body=body).json()
        except network.NotSent as error:
            return Declined("no-connection", is_permanent=False, detail=str(error))
        except network.NoAnswer as error:
            return Unknown(str(error))
        if wire.error_code(answer) in wire.TOKEN_VOID:
            tokens.forget(self.code)
        return wire.outcome_of(answer)


def long_term_templates() -> list[str]:
    """Templates whose subscription holds until it is withdrawn (government and medical only)."""
    return configuration.of("wechat").get("long_term_templates", "").split()


def fetch_token() -> tuple[str, int]:
    given = configuration.of("wechat")
    answer = network.ask(
        "wechat", "POST", wire.TOKEN_TARGET, body=wire.token_body(given["app_id"], given["secret"])
    ).json()
    token, lasts_s = (answer or {}).get("access_token"), (answer or {}).get("expires_in")
    if not isinstance(token, str) or not isinstance(lasts_s, int):
        raise NoToken(str(wire.error_code(answer)))
    return token, lasts_s


def openid_for(code: str) -> str:
    """Whose code this is; empty when the provider does not say. Raises NotSent or NoAnswer."""
    given = configuration.of("wechat")
    target = wire.code_target(given["app_id"], given["secret"], code)
    answer = network.ask("wechat", "GET", target).json() or {}
    openid = answer.get("openid")
    return openid if isinstance(openid, str) else ""
