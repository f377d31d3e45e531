"""The page behind the poster's code: anybody reports, nobody learns who is a member."""

import functools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.templatetags.static import static
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from guiyan.access.sessions import address_of
from guiyan.flows import commands, notice
from guiyan.flows.check_in import (
    CHECKING,
    STEPS,
    WISHES,
    Draft,
    DraftBroken,
    Way,
    open_draft,
    seal_draft,
    step_after,
    step_before,
)
from guiyan.flows.check_in_forms import QUESTIONS, form_of
from guiyan.flows.rules import Typing, suspicion
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import Poster
from guiyan.platform import limits
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now, today
from guiyan.platform.errors import NotFound
from guiyan.platform.pages import Request, page, public, ready, see_other
from guiyan.platform.remembered import Remembered

AN_HOUR = timedelta(hours=1)
# A building site behind one address reports in an hour; beyond that the desk is the better way.
USUAL_FILLS, MOST_FILLS = 20, 300
SHOWN_HOTLINES = 6
SEND, BACK = "send", "back"


# Every question without an answer yet is the same page for everybody who holds this poster, but for
# the sealed draft and the nonce; made anew it costs 5 ms of processor time, from here 0.6 ms. A
# poster that was closed or a rule that was changed shows on its first page this much later.
LASTS_S, MOST_PAGES = 20, 500
_DRAFT, _NONCE = "\ue000draft\ue001", "\ue000nonce\ue001"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A question's page with two holes, and the code of the poster that its drafts belong to."""

    text: str
    code: str


SHEETS: Remembered[Sheet] = Remembered(lasts_s=LASTS_S, most=MOST_PAGES)


def _same_for(request: Request, way: Way, step: str) -> tuple[str, ...] | None:
    """All that such a page depends on; None for somebody signed in, whose shell is their own."""
    if request.actor.kind != "public":
        return None
    large = request.COOKIES.get("guiyan_large", "")
    return (request.path, way, step, get_language() or "", large)


def _from_sheet(request: Request, draft: Draft, step: str) -> HttpResponse | None:
    sheet = SHEETS.get(_same_for(request, draft.way, step))
    if sheet is None:
        return None
    text = sheet.text.replace(_DRAFT, seal_draft(draft, sheet.code))
    return HttpResponse(text.replace(_NONCE, str(request.csp_nonce)))  # type: ignore[attr-defined]


def _to_sheet(request: Request, way: Way, step: str, sheet: Sheet) -> None:
    if key := _same_for(request, way, step):
        SHEETS.put(key, sheet)


def _first_question(request: Request, code: str) -> HttpResponse | None:
    """The page that a scanned poster opens, without asking the database."""
    if request.method != "GET":
        return None
    return _from_sheet(request, Draft(_way_of(request), now()), "name")


def _way_of(request: Request) -> Way:
    return "peer" if request.GET.get("for") == "peer" else "self"


@public
@ready(_first_question)
@csrf_exempt  # nobody is signed in by it, and it must work without a cookie
def check_in(request: Request, code: str) -> HttpResponse:
    """One question a page; what was answered travels sealed in the page itself."""
    try:
        unit = orgs.organisation_by_check_in_code(code)
    except NotFound:
        return _no_such_poster(request)
    if request.method != "POST":
        return _question(request, unit, Draft(_way_of(request), now()), "name")
    try:
        draft = open_draft(request.POST.get("draft", ""), unit.check_in_code, at=now())
    except DraftBroken:
        return _question(request, unit, Draft("self", now()), "name", was_lost=True)
    return _next_page(request, unit, draft)


def _next_page(request: Request, unit: Poster, draft: Draft) -> HttpResponse:
    step, go = request.POST.get("step", ""), request.POST.get("go", "")
    if step == CHECKING:
        if go == SEND and draft.answers.get("name"):
            return _send(request, unit, draft)
        return _question(request, unit, draft, _step_named(go, step))
    if step not in STEPS:
        return _question(request, unit, draft, "name")
    form = form_of(step, draft.way, request.POST)
    if form.is_valid():
        draft = draft.with_answer(form.cleaned_data)
    elif go != BACK:
        return _question(request, unit, draft, step, form=form)
    onward = step_before(step) if go == BACK else step_after(step, is_checked=draft.is_checked)
    if onward == CHECKING:
        return _checking(request, unit, draft)
    return _question(request, unit, draft, onward)


def _step_named(go: str, step: str) -> str:
    return go if go in STEPS else step_before(step)


def _question(
    request: Request,
    unit: Poster,
    draft: Draft,
    step: str,
    *,
    form: Any = None,
    was_lost: bool = False,
) -> HttpResponse:
    given = dict(draft.answers) if set(draft.answers) & {step} else None
    is_same_for_all = given is None and form is None and not was_lost
    if is_same_for_all and (ready_page := _from_sheet(request, draft, step)):
        return ready_page
    sealed = seal_draft(draft, unit.check_in_code)
    answer = page(
        request,
        "flows/check_in.html",
        unit=unit,
        domain=settings.PUBLIC_URL.partition("://")[2],
        draft=draft,
        sealed=sealed,
        step=step,
        number=STEPS.index(step) + 1,
        of=len(STEPS),
        form=form or form_of(step, draft.way, initial=given),
        notice=_notice(unit, draft.way) if step == "name" else (),
        spoken=recorded_prompt(step),
        was_lost=was_lost,
    )
    if is_same_for_all:
        nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
        text = answer.content.decode().replace(sealed, _DRAFT).replace(nonce, _NONCE)
        _to_sheet(request, draft.way, step, Sheet(text, unit.check_in_code))
    return answer


def _checking(request: Request, unit: Poster, draft: Draft) -> HttpResponse:
    """Everything once more before it is sent, each with a way back to its question."""
    draft = Draft(draft.way, draft.started_at, draft.notice_version, True, draft.answers)
    lines = [
        (step, question, _shown(draft, step))
        for step, (question, _hint) in QUESTIONS[draft.way].items()
    ]
    return page(
        request,
        "flows/check_in_checking.html",
        unit=unit,
        sealed=seal_draft(draft, unit.check_in_code),
        lines=lines,
    )


def _shown(draft: Draft, step: str) -> str:
    if step == "wish":
        words = (str(WISHES.get(draft.answers.get("wish", ""), "")), draft.answers.get("note"))
        return "；".join(word for word in words if word)
    return draft.answers.get(step, "")


def _send(request: Request, unit: Poster, draft: Draft) -> HttpResponse:
    """The lead is written and nobody is looked up, so the answer is the same for everybody."""
    address = address_of(request)
    if not limits.take("flows.check_in.most", address, limit=MOST_FILLS, per=AN_HOUR):
        return page(request, "flows/check_in_busy.html", status=429, hotlines=_hotlines(unit.path))
    is_usual = limits.take("flows.check_in", address, limit=USUAL_FILLS, per=AN_HOUR)
    typing = Typing(
        seconds=(now() - draft.started_at).total_seconds(),
        trap_is_filled=bool(request.POST.get("website")),
        fills_from_address=0 if is_usual else USUAL_FILLS + 1,
    )
    commands.take_lead(
        by=Actor.public().standing_for(unit.id, unit.path, unit.name),
        organisation_id=unit.id,
        door="qr",
        search_method=draft.way,
        said=draft.said,
        notice_version=draft.notice_version,
        suspicion=suspicion(typing),
    )
    return see_other("flows:check_in_taken", unit.check_in_code)


@public
@cache_control(private=True, max_age=0)
def check_in_taken(request: Request, code: str) -> HttpResponse:
    """The answer: it depends on the poster only."""
    try:
        unit = orgs.organisation_by_check_in_code(code)
    except NotFound:
        return _no_such_poster(request)
    return page(request, "flows/check_in_taken.html", unit=unit, hotlines=_hotlines(unit.path))


def _no_such_poster(request: Request) -> HttpResponse:
    """A code that was never ours, or whose organisation is closed: do not type anything here."""
    hotlines = orgs.directory("", kinds=("hotline",), limit=SHOWN_HOTLINES)
    return page(request, "flows/check_in_closed.html", status=404, hotlines=hotlines)


def _hotlines(path: str) -> list[Any]:
    return list(orgs.hotlines_along(path)[:SHOWN_HOTLINES])


def _notice(unit: Poster, way: Way) -> list[tuple[str, str]]:
    days = orgs.parameter("lead_erase_days", path=unit.path, on=today()).value
    paragraphs = notice.OWN if way == "self" else notice.OF_ANOTHER
    facts = {"unit": unit.name, "days": days}
    return [(str(title), str(text) % facts) for title, text in paragraphs]


@functools.cache
def recorded_prompt(step: str) -> str:
    """The address of the question read out in Yi; empty where nobody has recorded it yet."""
    name = f"guiyan/audio/ii/{step}.mp3"
    return static(name) if finders.find(name) else ""
