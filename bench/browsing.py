"""A browser without pictures: keep-alive connections, cookies, forms; and many of them at once."""

import http.client
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pyotp

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str
    text: str
    bytes: int


@dataclass(slots=True)
class Browser:
    """One person's browser, with one lasting connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _line: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        fields.setdefault("csrfmiddlewaretoken", self.cookies.get("csrftoken", ""))
        return self._ask("POST", path, urlencode(fields))

    def another(self) -> "Browser":
        """The same person in a second window: a connection of its own."""
        return Browser(self.port, dict(self.cookies))

    def sign_in(self, login: str, password: str, totp_secret: str) -> None:
        """Through the pages, as people do. Ends the run when the pages say no."""
        self.get("/in")
        first = self.post("/in", login=login, password=password)
        _expect(first, "/in/second")
        code = pyotp.TOTP(totp_secret).now()
        second = self.post(first.location, code=code)
        _expect(second, "/w/")

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        headers |= {"Referer": f"http://127.0.0.1:{self.port}{path}", **(FORM if body else {})}
        for patience in (1, 0):
            line = self._line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            self._line = line
            try:
                line.request(method, path, body=body, headers=headers)
                response = line.getresponse()
                content = response.read()
                break
            except (http.client.HTTPException, OSError):  # the server closed an idle line
                line.close()
                self._line = None
                if not patience:
                    raise
        for header in response.headers.get_all("Set-Cookie") or ():
            name, _, rest = header.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if response.will_close:
            self._line = None
        text = content.decode(errors="replace")
        return Answer(response.status, response.headers.get("Location", ""), text, len(content))


def token_of(answer: Answer) -> str:
    found = _TOKEN.search(answer.text)
    return found[1] if found else ""


def _expect(answer: Answer, where: str) -> None:
    if answer.status not in (302, 303) or not answer.location.startswith(where):
        raise SystemExit(f"signing in led to {answer.status} {answer.location!r}, not {where}")


Visit = Callable[[Browser, int], Answer]


def timed(browser: Browser, visit: Visit, *, times: int, clients: int = 1) -> list[float]:
    """Milliseconds of each visit; with several clients each has a connection and a thread."""
    took: list[float] = []
    faults: list[str] = []

    def run(client: int) -> None:
        window = browser if clients == 1 else browser.another()
        for number in range(client, times, clients):
            started = time.perf_counter()
            answer = visit(window, number)
            took.append((time.perf_counter() - started) * 1000)
            if answer.status not in (200, 303):
                faults.append(f"{answer.status} {answer.location}")
                return

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit(f"a page answered {faults[0]}")
    return took


def cookies_of(browser: Browser) -> Mapping[str, str]:
    return dict(browser.cookies)
