"""Messages of an application of WeCom (企业微信) to a person of that enterprise."""

from django.utils.translation import gettext_lazy as _

from guiyan.channels import configuration, network, posting
from guiyan.channels.types import Cost, Declined, Kind, Outcome, Outgoing
from guiyan.channels.wecom import wire


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
        return posting.post(self.code, body, fetch=fetch_token, wire=wire)


def fetch_token() -> tuple[str, int]:
    given = configuration.of("wecom")
    answer = network.ask(
        "wecom", "GET", wire.token_target(given["corp_id"], given["secret"])
    ).json()
    return posting.token_in(answer)
