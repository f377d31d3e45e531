"""Where the figures are given: an address of their own on this machine, never the public site's."""

import ipaddress

DEFAULT = "127.0.0.1:9180"
OFF = "off"
_LAST_PORT = 65_535


class WrongAddress(ValueError):
    """Says what was set and what would do."""


def listening_at(text: str) -> tuple[str, int] | None:
    """One address and its port, or None when the figures are switched off.

    An address of this machine alone, or one that an operator names on purpose; never all at once,
    since the public one would be among them.
    """
    if text.strip().lower() == OFF:
        return None
    host, _, port = text.strip().rpartition(":")
    try:
        address, number = ipaddress.ip_address(host.strip("[]")), int(port)
    except ValueError as error:
        raise WrongAddress(_say(text, "is no address with a port")) from error
    if not 0 <= number <= _LAST_PORT:
        raise WrongAddress(_say(text, f"has no port up to {_LAST_PORT}"))
    plain = getattr(address, "ipv4_mapped", None) or address  # ::ffff:0.0.0.0 is all of them too
    if plain.is_unspecified:
        raise WrongAddress(_say(text, "would answer at every address of this machine"))
    return str(address), number


def _say(text: str, why: str) -> str:
    return f"GUIYAN_METRICS_BIND={text} {why}. Set it to {DEFAULT}, or to {OFF}."
