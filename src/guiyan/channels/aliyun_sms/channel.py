"""SMS by Aliyun (阿里云短信)."""

import secrets
from collections.abc import Mapping
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from guiyan.channels import configuration, network, sms
from guiyan.channels.aliyun_sms import wire
from guiyan.channels.endpoints import HOSTS
from guiyan.channels.types import Cost, Enquiry, Kind, Outcome, Outgoing, Word
from guiyan.kernel.calendar import day_of
from guiyan.platform.clock import now

NONCE_BYTES = 16


class AliyunSms:
    code = "aliyun_sms"
    name = _("短信（阿里云）")
    kind: Kind = "push"
    is_local = False
    gives_receipts = True

    def is_configured(self) -> bool:
        return configuration.has(self.code, "key_id", "key_secret", "sign_name")

    def cost(self, message: Outgoing) -> Cost:
        return sms.cost_of(message, configuration.of(self.code).get("sign_name", ""))

    def send(self, message: Outgoing) -> Outcome:
        return sms.send(message, self._hand_over, is_configured=self.is_configured())

    def enquire(self, enquiry: Enquiry) -> Word:
        params = wire.query_params(enquiry, day_of(enquiry.sent_at))
        return sms.enquire(lambda: wire.word_in(self._answer(wire.QUERY, params), enquiry))

    def _hand_over(self, message: Outgoing) -> Outcome:
        params = wire.params_of(
            phone=message.address,
            sign_name=configuration.of(self.code)["sign_name"],
            template=message.template,
            params=message.params,
            out_id=message.id,
        )
        return wire.outcome_of(self._answer(wire.SEND, params))

    def _answer(self, action: str, params: Mapping[str, str]) -> dict[str, Any] | None:
        given, query = configuration.of(self.code), wire.query_of(params)
        headers = wire.signed_headers(
            method="POST",
            host=urlsplit(HOSTS[self.code]).netloc,
            query=query,
            body=b"",
            action=action,
            version=wire.VERSION,
            date=now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            nonce=secrets.token_hex(NONCE_BYTES),
            key_id=given["key_id"],
            key_secret=given["key_secret"],
        )
        return network.ask(self.code, "POST", f"/?{query}", headers=headers).json()
