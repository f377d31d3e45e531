"""Which parts of a device a page may ask for: none, but the microphone on the phone's own page.

`Permissions-Policy` (W3C) tells the browser, which then refuses whatever a page asks beyond it,
also a script that was slipped in. Where a phone is is asked for by nobody (mission.md).
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy

HEADER = "Permissions-Policy"
_NOWHERE = (
    "accelerometer", "bluetooth", "browsing-topics", "camera", "display-capture", "geolocation",
    "gyroscope", "magnetometer", "midi", "payment", "serial", "usb",
)  # fmt: skip
_PHONE = reverse_lazy("phone:shell")


def policy(*, may_listen: bool) -> str:
    """The header; `may_listen` where a note by voice is spoken."""
    nothing = ", ".join(f"{part}=()" for part in _NOWHERE)
    return f"{nothing}, microphone=({'self' if may_listen else ''})"


class DevicePolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        answer.headers[HEADER] = policy(may_listen=request.path == str(_PHONE))
        return answer
