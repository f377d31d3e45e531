"""What a packet may be: small, of one area, good for 21 days, without any ID number (issue 3)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.id_numbers import id_check_character
from guiyan.platform.errors import Refusal

LARGEST_BYTES = 5 * 1024 * 1024
RECORDS_ON_A_PAGE = 100
MOST_ON_A_PAGE = 500

TOO_LARGE = Refusal(
    "packet-too-large", _("这个片区的数据超过5 MB，手机带不走。请组织摸排的人把片区分小。")
)
HAS_ID_NUMBER = Refusal(
    "packet-has-id-number", _("这个片区的数据里有身份证号码，不能下载到手机。请管理员查明来源。")
)

CURSOR = Refusal("cursor", _("下载的位置已经失效，请从头下载这个片区。"))

# Not inside a longer run of letters and digits, so that no identifier looks like one.
_EIGHTEEN = re.compile(r"(?<![0-9A-Za-z-])\d{17}[0-9Xx](?![0-9A-Za-z-])")
FORBIDDEN_KEYS = frozenset({"id_number", "identity", "id_card", "citizen_id", "sfzh"})


def may_leave(text: str) -> Refusal | None:
    """Nothing that is an ID number, with a right checksum and a real birthday, leaves on a phone."""
    for found in _EIGHTEEN.findall(text):
        if _is_id_number(found):
            return HAS_ID_NUMBER
    return None


def keys_of(value: object) -> Iterable[str]:
    """Every key at any depth, for the test that no packet has a place for an ID number."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from keys_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from keys_of(inner)


def changed_since(records: Iterable[Mapping[str, Any]], since: int) -> list[Mapping[str, Any]]:
    """A delta: what changed after `since`, in the order of ids, so that pages fit together."""
    return sorted((r for r in records if int(r["version"]) > since), key=lambda r: str(r["id"]))


def _is_id_number(text: str) -> bool:
    try:
        date.fromisoformat(f"{text[6:10]}-{text[10:12]}-{text[12:14]}")
    except ValueError:
        return False
    return id_check_character(text[:17]) == text[17].upper()
