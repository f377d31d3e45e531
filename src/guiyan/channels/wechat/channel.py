"""Subscription notices of the WeChat official account: one tap allows one message."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guiyan.channels import configuration, network, posting, taps
from guiyan.channels.types import Cost, Declined, Kind, Outcome, Outgoing
from guiyan.channels.wechat import wire


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
        return posting.post(self.code, body, fetch=fetch_token, wire=wire)


def long_term_templates() -> list[str]:
    """Templates whose subscription holds until it is withdrawn (government and medical only)."""
    return configuration.of("wechat").get("long_term_templates", "").split()


def fetch_token() -> tuple[str, int]:
    given = configuration.of("wechat")
    answer = network.ask(
        "wechat", "POST", wire.TOKEN_TARGET, body=wire.token_body(given["app_id"], given["secret"])
    ).json()
    return posting.token_in(answer)


def openid_for(code: str) -> str:
    """Whose code this is; empty when the provider does not say. Raises NotSent or NoAnswer."""
    given = configuration.of("wechat")
    target = wire.code_target(given["app_id"], given["secret"], code)
    answer = network.ask("wechat", "GET", target).json() or {}
    openid = answer.get("openid")
    return openid if isinstance(openid, str) else ""
