"""E-mail over SMTP, by Django's own backend."""

import smtplib
from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext_lazy as _

from guiyan.channels import configuration
from guiyan.channels.email import wire
from guiyan.channels.types import Accepted, Cost, Declined, Kind, Outcome, Outgoing


class Email:
    code = "email"
    name = _("电子邮件")
    kind: Kind = "push"
    is_local = False
    gives_receipts = False

    def is_configured(self) -> bool:
        return configuration.has(self.code, "host", "sender")

    def cost(self, message: Outgoing) -> Cost:
        return Cost()

    def send(self, message: Outgoing) -> Outcome:
        """Until the connection stands, and whenever the server refuses, nothing is sent; when it
        falls silent afterwards, nobody knows."""
        if not self.is_configured():
            return Declined("not-configured", is_permanent=True)
        given = configuration.of(self.code)
        security = given.get("security") or "starttls"
        connection = get_connection(
            "django.core.mail.backends.smtp.EmailBackend",
            host=given["host"],
            port=int(given.get("port") or wire.PORTS[security]),
            username=given.get("user", ""),
            password=given.get("password", ""),
            use_tls=security == "starttls",
            use_ssl=security == "tls",
            timeout=settings.CHANNEL_PATIENCE_S,
        )
        letter = EmailMessage(
            wire.one_line(message.title),
            message.text,
            given["sender"],
            [message.address],
            headers={"Message-ID": make_msgid(str(message.id), given["sender"].rpartition("@")[2])},
        )
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            return Declined("no-connection", is_permanent=False, detail=type(error).__name__)
        try:
            connection.send_messages([letter])
        except (OSError, smtplib.SMTPException) as error:
            return wire.outcome_of(error)
        finally:
            _close(connection)
        return Accepted()


def _close(connection: object) -> None:
    """What goes wrong after the letter was taken changes nothing."""
    try:
        connection.close()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException):
        return
