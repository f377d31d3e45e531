"""Where the providers are. Hosts are constants: no setting leads a request elsewhere (F43).

Only the demo and the tests may put a fake in a provider's place, and only on this machine.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings

HOSTS = {
    "aliyun_sms": "https://dysmsapi.aliyuncs.com",
    "tencent_sms": "https://sms.tencentcloudapi.com",
    "wechat": "https://api.weixin.qq.com",
    "wecom": "https://qyapi.weixin.qq.com",
}
_LOOPBACK = {"127.0.0.1", "::1"}
_standing_in: dict[str, str] = {}


class NotOnThisMachine(ValueError):
    """A fake was to stand somewhere else, or where no fake may stand."""


class ReachesNobody(Exception):
    """The demo has no fake for this channel, and never asks the real one."""


def base_of(code: str) -> str:
    """The address of a provider, or of the fake in its place. The demo knows only fakes."""
    if code in _standing_in:
        return _standing_in[code]
    if settings.DEMO:
        raise ReachesNobody(code)
    return HOSTS[code]


@contextmanager
def standing_in(addresses: Mapping[str, str]) -> Iterator[None]:
    """Put fakes in the places of providers for as long as the block runs."""
    if not (settings.DEMO or settings.CHANNELS_STAND_IN):
        raise NotOnThisMachine("only the demo and the tests use fakes")
    if any(urlsplit(address).hostname not in _LOOPBACK for address in addresses.values()):
        raise NotOnThisMachine("a fake stands on this machine only")
    before = dict(_standing_in)
    _standing_in.update(addresses)
    try:
        yield
    finally:
        _standing_in.clear()
        _standing_in.update(before)
