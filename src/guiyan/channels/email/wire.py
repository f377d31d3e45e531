"""What SMTP's refusals mean (RFC 5321 § 4.2.1: 4yz passes, 5yz stays)."""

import smtplib

from guiyan.channels.types import Declined, Outcome, Unknown

PORTS = {"starttls": 587, "tls": 465, "none": 25}
PERMANENT = 500


def one_line(text: str) -> str:
    """A header is one line, whatever stood in the title."""
    return " ".join(text.split())[:100]


def outcome_of(error: Exception) -> Outcome:
    """A refusal with a number is known not to be sent; a silence is not."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((code for code, _ in error.recipients.values()), default=PERMANENT)
        return Declined(str(code), code >= PERMANENT)
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        return Declined(str(error.smtp_code), error.smtp_code >= PERMANENT)
    return Unknown(type(error).__name__)
