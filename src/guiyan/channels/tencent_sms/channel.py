"""SMS by Tencent Cloud (腾讯云短信)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from guiyan.channels import configuration, network, sms
from guiyan.channels.endpoints import HOSTS
from guiyan.channels.tencent_sms import wire
from guiyan.channels.types import Cost, Enquiry, Kind, Outcome, Outgoing, Word
from guiyan.platform.clock import now


class TencentSms:
    code = "tencent_sms"
    name = _("短信（腾讯云）")
    kind: Kind = "push"
    is_local = False
    gives_receipts = True

    def is_configured(self) -> bool:
        return configuration.has(self.code, "secret_id", "secret_key", "app_id", "sign_name")

    def cost(self, message: Outgoing) -> Cost:
        return sms.cost_of(message, configuration.of(self.code).get("sign_name", ""))

    def send(self, message: Outgoing) -> Outcome:
        return sms.send(message, self._hand_over, is_configured=self.is_configured())

    def enquire(self, enquiry: Enquiry) -> Word:
        body = wire.pull_body(enquiry, app_id=configuration.of(self.code)["app_id"])
        return sms.enquire(lambda: wire.word_in(self._answer(wire.PULL, body), enquiry))

    def _hand_over(self, message: Outgoing) -> Outcome:
        given = configuration.of(self.code)
        body = wire.body_of(
            phone=message.address,
            app_id=given["app_id"],
            sign_name=given["sign_name"],
            template=message.template,
            params=list(message.params.values()),
            out_id=message.id,
        )
        return wire.outcome_of(self._answer(wire.SEND, body))

    def _answer(self, action: str, body: bytes) -> dict[str, Any] | None:
        headers = self._headers(configuration.of(self.code), action, body)
        return network.ask(self.code, "POST", "/", headers=headers, body=body).json()

    def _headers(self, given: Mapping[str, str], action: str, body: bytes) -> dict[str, str]:
        host, timestamp = urlsplit(HOSTS[self.code]).netloc, int(now().timestamp())
        return {
            "Host": host,
            "Content-Type": wire.CONTENT_TYPE,
            "X-TC-Action": action,
            "X-TC-Version": wire.VERSION,
            "X-TC-Region": wire.REGION,
            "X-TC-Timestamp": str(timestamp),
            "Authorization": wire.authorization(
                secret_id=given["secret_id"],
                secret_key=given["secret_key"],
                service=wire.SERVICE,
                host=host,
                action=action,
                body=body,
                timestamp=timestamp,
            ),
        }
