"""Messages of an application of WeCom (企业微信) to a person of that enterprise."""

from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from guiyan.channels import configuration, network, tokens
from guiyan.channels.types import Cost, Declined, Kind, Outcome, Outgoing, Unknown
from guiyan.channels.wecom import wire


class NoToken(Exception):
    """The provider gave no access token: nothing can be sent, and nothing was."""


class WeCom:
    code = "wecom"
    name = _("企业微信")
    kind: Kind = "push"
    is_local = False
    gives_receipts = False

    def is_configured(self) -> bool:
        return configuration.has(self.code, "corp_id", "agent_id", "secret")

    def cost(self, message: Outgoing) -> Cost:
        return Cost()

    def send(self, message: Outgoing) -> Outcome:
        if not self.is_configured():
            return Declined("not-configured", is_permanent=True)
        body = wire.send_body(
            user=message.address,
            agent_id=configuration.of(self.code)["agent_id"],
            text=message.text,
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


def fetch_token() -> tuple[str, int]:
    given = configuration.of("wecom")
    answer = network.ask(
        "wecom", "GET", wire.token_target(given["corp_id"], given["secret"])
    ).json()
    token, lasts_s = (answer or {}).get("access_token"), (answer or {}).get("expires_in")
    if not isinstance(token, str) or not isinstance(lasts_s, int):
        raise NoToken(str(wire.error_code(answer)))
    return token, lasts_s
