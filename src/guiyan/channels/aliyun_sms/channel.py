"""SMS by Aliyun (阿里云短信)."""

import secrets
from collections.abc import Mapping
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guiyan.channels import configuration, network
from guiyan.channels.aliyun_sms import wire
from guiyan.channels.endpoints import HOSTS
from guiyan.channels.sms import cost_of, may_reach
from guiyan.channels.types import (
    Cost,
    Declined,
    Enquiry,
    Kind,
    Outcome,
    Outgoing,
    Unknown,
    Word,
)
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
        return cost_of(message, configuration.of(self.code).get("sign_name", ""))

    def send(self, message: Outgoing) -> Outcome:
        given = configuration.of(self.code)
        if not self.is_configured():
            return Declined("not-configured", is_permanent=True)
        if not may_reach(message.address):
            return Declined("demo-number", is_permanent=True)
        params = wire.params_of(
            phone=message.address,
            sign_name=given["sign_name"],
            template=message.template,
            params=message.params,
            out_id=message.id,
        )
        try:
            return wire.outcome_of(self._answer(wire.SEND, params))
        except network.NotSent as error:
            return Declined("no-connection", is_permanent=False, detail=str(error))
        except network.NoAnswer as error:
            return Unknown(str(error))

    def enquire(self, enquiry: Enquiry) -> Word:
        day = timezone.localtime(enquiry.sent_at).date()
        try:
            answer = self._answer(wire.QUERY, wire.query_params(enquiry, day))
        except (network.NotSent, network.NoAnswer):
            return "no-answer"
        return wire.word_in(answer, enquiry)

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
