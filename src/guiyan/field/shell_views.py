"""The shell that a phone keeps: its page, its parts, its worker, and who is signed in."""

import gzip

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from guiyan.field import queries, screens
from guiyan.field.shell_words import SHELL
from guiyan.platform.pages import Request, page, public

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


@public
@require_safe
def shell(request: Request) -> HttpResponseBase:
    """The page of the field. It is the same for everybody, so that a phone may keep it."""
    base = reverse("phone:part", args=[screens.version(), "-"])[:-1]
    own = screens.screens()
    words = {code: str(text) for code, text in SHELL.items()}
    for screen in own:
        words |= {code: str(text) for code, text in screen.words().items()}
    facts = {
        "words": words,
        "scope": reverse("phone:shell"),
        "worker_url": reverse("phone:worker"),
        "screens": [
            {
                "code": screen.code,
                "title": str(screen.title),
                "packet_kind": screen.packet_kind,
                "url": base + screen.module,
            }
            for screen in own
        ],
    }
    hears_itself = csp_update({"media-src": ["'self'", "blob:"]})  # a note, before it is kept
    return hears_itself(lambda _same: page(request, "field/shell.html", base=base, shell=facts))(
        request
    )


@public
@require_safe
def me(request: Request) -> HttpResponse:
    """Who is signed in on this browser, for setting up a phone; nothing of anybody else."""
    actor = request.actor
    answer = JsonResponse(
        {
            "is_signed_in": actor.is_staff,
            "name": actor.name if actor.is_staff else "",
            "organisation": actor.organisation_name,
            "sign_in_url": f"{reverse('access:sign_in')}?next={reverse('phone:shell')}",
            "screens": [screen.code for screen in screens.screens_for(actor)],
            "csrf": get_token(request),
            # A phone whose storage was taken away begins anew: its old self has not been heard of.
            "unsent": queries.unsent_of(actor),
        }
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@public
@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def part(request: Request, version: str, name: str) -> HttpResponse:
    """One part of the shell under the name of all parts' content."""
    file = screens.file_of(name)
    if file is None or version != screens.version():
        raise Http404(name)
    packed = gzip.compress(file.read_bytes(), mtime=0)
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return HttpResponse(packed, content_type=TYPES[file.suffix], headers=headers)


@public
@require_safe
@cache_control(no_cache=True)
def worker(request: Request) -> HttpResponse:
    """The service worker, made anew for each version, so that the browser notices a change."""
    answer = page(
        request,
        "field/worker.js",
        version=screens.version(),
        parts=[reverse("phone:part", args=[screens.version(), name]) for name in screens.parts()],
        shell_url=reverse("phone:shell"),
        own_paths=[reverse("phone:me")],
    )
    answer.headers["Content-Type"] = TYPES[".js"]
    answer.headers["Service-Worker-Allowed"] = reverse("phone:shell")
    return answer


@public
@require_safe
@cache_control(public=True, max_age=86_400)
def manifest(request: Request) -> HttpResponse:
    """What the phone shows when the page is put on its home screen; nobody is asked to."""
    drawn = reverse("phone:part", args=[screens.version(), "field/icon.svg"])
    icons = [{"src": drawn, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}] + [
        {
            "src": reverse("phone:part", args=[screens.version(), name]),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size, name in screens.ICONS.items()
    ]
    answer = JsonResponse(
        {
            "name": _("归雁外勤"),
            "short_name": _("归雁外勤"),
            "start_url": reverse("phone:shell"),
            "scope": reverse("phone:shell"),
            "display": "standalone",
            "lang": settings.LANGUAGE_CODE,
            "background_color": "#f0f0f0",
            "theme_color": "#b3261e",
            "id": reverse("phone:shell"),
            "icons": icons,
        }
    )
    answer.headers["Content-Type"] = "application/manifest+json"
    return answer
