"""What each channel needs to know of this deployment: from the environment, never from the database."""

from collections.abc import Mapping

from django.conf import settings

# Known to the fakes alone: with these nobody is reached.
DEMO: dict[str, dict[str, str]] = {
    "aliyun_sms": {"key_id": "demo", "key_secret": "demo", "sign_name": "归雁演示", "hook_key": ""},
    "tencent_sms": {
        "secret_id": "demo",
        "secret_key": "demo",
        "app_id": "1400000000",
        "sign_name": "归雁演示",
        "hook_key": "",
    },
}


def of(code: str) -> Mapping[str, str]:
    """The settings of a channel; those that are not set are empty. The demo has its own."""
    given: Mapping[str, str] = (DEMO if settings.DEMO else settings.CHANNELS).get(code, {})
    return given


def has(code: str, *names: str) -> bool:
    given = of(code)
    return all(given.get(name) for name in names)
