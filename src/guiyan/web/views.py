"""Pages of the shell: the door, the start page, languages, sizes, feedback, errors."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from guiyan.access.sessions import address_of
from guiyan.orgs.queries import find_organisation
from guiyan.platform import limits
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, public, see_other, staff
from guiyan.platform.permissions import Permission
from guiyan.web import commands, queries
from guiyan.web.forms import AnswerForm, FeedbackForm
from guiyan.web.navigation import beginnings_for
from guiyan.web.own_paths import own_path
from guiyan.web.waiting import waiting_for

YEAR_S = 365 * 24 * 3600


@public
@cache_control(public=True, max_age=60)
def landing(request: HttpRequest) -> HttpResponse:
    return page(request, "web/landing.html")


@staff()
def work(request: Request) -> HttpResponse:
    """What waits for this person today, then what they may begin by themselves."""
    return page(
        request,
        "web/work.html",
        waiting=waiting_for(request.actor),
        beginnings=beginnings_for(request.actor),
        today=request.actor.today,
    )


@public
def language(request: HttpRequest, code: str) -> HttpResponse:
    if code not in dict(settings.LANGUAGES):
        raise Http404
    return _back_with(request, settings.LANGUAGE_COOKIE_NAME, code)


@public
def large(request: HttpRequest) -> HttpResponse:
    """Turn the large version on, or off when it is on."""
    return _back_with(request, "guiyan_large", "0" if _is_large(request) else "1")


def _is_large(request: HttpRequest) -> bool:
    return request.COOKIES.get("guiyan_large") == "1"


def _back_with(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    response = HttpResponse(status=303)
    response.headers["Location"] = own_path(request.GET.get("next", ""))
    response.set_cookie(
        cookie, value, max_age=YEAR_S, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )  # fmt: skip
    return response


@public
def feedback(request: Request) -> HttpResponse:
    form = FeedbackForm(request.POST or None, initial={"page": request.GET.get("from", "")})
    if request.method == "POST" and form.is_valid():
        if not limits.take("feedback", address_of(request), limit=20, per=timedelta(hours=1)):
            raise Refused(
                "too-often", _("这里刚刚提交过很多次。请过一小时再试，或直接打电话给服务中心。")
            )
        commands.send_feedback(
            by=request.actor,
            text=form.cleaned_data["text"],
            path=_concerned(request.actor, form.cleaned_data["about"]),
            page=_page_name(form.cleaned_data["page"]),
        )
        return see_other("web:feedback_taken")
    return page(request, "web/feedback.html", form=form)


def _concerned(actor: Actor, about: str) -> str:
    """The path of the organisation that was named, else of the one that the person acts for."""
    named = find_organisation(text=about) if about else None
    return named.path if named else actor.path


def _page_name(path: str) -> str:
    """The name of the page, because its address could name a person."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


@public
def feedback_taken(request: HttpRequest) -> HttpResponse:
    return page(request, "web/feedback_taken.html")


@staff()
def feedback_list(request: Request) -> HttpResponse:
    return page(
        request,
        "web/feedback_list.html",
        items=queries.feedback_for(request.actor),
        may_answer=request.actor.may(Permission.ANSWER_CORRECTIONS),
        form=AnswerForm(),
    )


@staff(Permission.ANSWER_CORRECTIONS)
@require_POST
def answer_feedback(request: Request, feedback_id: UUID) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Refused("answer", _("请写下答复（最多500字）再提交。"))
    commands.answer_feedback(by=request.actor, feedback_id=feedback_id, **form.cleaned_data)
    return see_other("web:feedback_list")


@staff()
@cache_control(private=True, max_age=600)
def watermark(request: Request) -> HttpResponse:
    """The viewer's name, faintly across the page, so that a photograph of it says whose it was."""
    words = f"{request.actor.name} {request.actor.today:%Y-%m-%d}"
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200">'
        '<text x="20" y="150" transform="rotate(-20 20 150)" fill="#000" fill-opacity=".05"'
        f' font-size="18" font-family="sans-serif">{escape(words)}</text></svg>'
    )
    return HttpResponse(drawing, content_type="image/svg+xml")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, "400.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, "500.html", status=500)
