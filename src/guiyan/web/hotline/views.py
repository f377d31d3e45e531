"""The operator's screen, calls that were passed on, and the telephone question."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from guiyan.flows import queries as flows
from guiyan.flows.types import CaseFacts, CaseState
from guiyan.kernel.keyset import CursorBroken
from guiyan.liaison.words import speaks_to_others
from guiyan.members import queries as members
from guiyan.members import showing
from guiyan.outreach.hotline import queries as calls
from guiyan.outreach.hotline import words
from guiyan.outreach.hotline.types import CallFacts
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.pages import Request, page, see_other, see_other_with, staff
from guiyan.platform.permissions import Permission
from guiyan.web.hotline import recording
from guiyan.web.hotline.forms import CallForm, PackForm, PassedForm

ASKED_AT_ONCE = 30
_PACKS = "web.hotline.packs"
# Beside which field a refusal stands.
BESIDE = {"nobody": "number", "number": "number", "said": "said", "kind": "kind"}
DONE = {
    "member": _("已登记为线索，由工作人员核实。"),
    "knows": _("已登记为线索，由工作人员核实。"),
    "help": _("已转给负责的人，会回拨登记的号码。"),
    "pack": _("已转给负责的人，会回拨登记的号码。"),
    "desk": _("已记下这次来电。"),
    "complaint": _("已登记，会有人答复。"),
    "other": _("已记下这次来电，没有透露任何情况。"),
}


@staff(Permission.ANSWER_HOTLINE)
def hotline(request: Request) -> HttpResponse:
    """Somebody calls: five fields by keyboard alone, scripts on the side, no file in sight."""
    return _screen(request, None)


@staff(Permission.ANSWER_HOTLINE)
def after(request: Request, call_id: UUID) -> HttpResponse:
    """Somebody was called back and talks: the same screen, the number is known already."""
    if calls.is_ended(request.actor, call_id):
        if request.method == "GET":
            return see_other_with("outreach:call_backs", ended=1)
        return _screen(request, None, is_ended=True)
    return _screen(request, calls.missed_call_for(request.actor, call_id))


def _screen(request: Request, missed: CallFacts | None, *, is_ended: bool = False) -> HttpResponse:
    actor = request.actor
    only = missed.point_id if missed else None
    lines = calls.lines_for(actor, request.GET.get("line", ""), only=only)
    line = lines.chosen
    form = CallForm(request.POST or None)
    if missed is not None:
        del form.fields["number"]
    if is_ended:
        form.add_error(None, _("这个来电已经由别人记下了。还有要补记的，填上号码再按一次“记下”。"))
    if lines.is_another and form.is_bound:
        form.add_error(
            None, _("原来选的热线已停用，或者不归您接听。已换到下面这条，核对后再按一次“记下”。")
        )
    if request.method == "POST" and form.is_valid() and line:
        try:
            call = form.call(after_id=missed.id if missed else None)
            recording.take(actor, line.id, call)
            return see_other_with("web:hotline", taken=call.kind, line=line.id)
        except Refused as refusal:
            field = BESIDE.get(refusal.code, "")
            form.add_error(field if field in form.fields else None, refusal.message)
    _put_cursor(form)
    taken = DONE.get(request.GET.get("taken", "")) if request.method == "GET" else None
    return page(
        request,
        "web/hotline/screen.html",
        form=form,
        missed=missed,
        taken=taken and _(taken),
        lines=lines,
        line=line,
        answering=calls.answering([line.id], now()).get(line.id, "") if line else "",
        greeting=words.GREETING % {"point": line.name} if line else "",
        scripts=words.scripts(),
        guard=words.GUARD,
    )


def _put_cursor(form: CallForm) -> None:
    """Enter goes on: to the first field that still needs something, at first to the first."""
    wanted = next((name for name in form.fields if name in form.errors), None)
    first = wanted or next(iter(form.fields))
    form.fields[first].widget.attrs["autofocus"] = True


@staff(Permission.RECORD_CONTACT)
def passed(request: Request) -> HttpResponse:
    """Calls for whom this person is to call back; an operator wrote them down."""
    actor = request.actor
    try:
        found, next_cursor = calls.passed_page(actor, request.GET.get("cursor", ""))
    except CursorBroken:
        return see_other("web:hotline_passed")
    cases = flows.cases_by_id(actor, [one.case_id for one in found])
    return page(
        request,
        "web/hotline/passed.html",
        calls=[
            (one, cases[one.case_id], words.KINDS[one.kind], calls.is_overdue(one, actor.today))
            for one in found
            if one.case_id in cases
        ],
        next_cursor=next_cursor,
    )


@staff(Permission.RECORD_CONTACT)
def passed_call(request: Request, passed_id: UUID) -> HttpResponse:
    """Call back on the number on file; then one press files what was asked for."""
    actor = request.actor
    found = calls.passed_call_for(actor, passed_id)
    case = flows.get_case_for(actor, found.case_id)
    words_ = found.said or (_("学习包没收到") if found.kind == "pack" else "")
    form = PassedForm(request.POST or None, initial={"text": words_, "asks_help": True})
    if request.method == "POST" and form.is_valid():
        try:
            recording.call_back(actor, found, case, form)
            return see_other("web:hotline_passed")
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(
        request,
        "web/hotline/passed_call.html",
        call=found,
        kind=words.KINDS[found.kind],
        form=form,
        **_numbers(actor, case),
    )


def _numbers(actor: Actor, case: CaseFacts) -> dict[str, Any]:
    """The numbers on file, masked; who else may pick up is said."""
    vault = members.vault_of(actor, case.member_id)
    shared = {field.id for field in vault if speaks_to_others(field.whose)}
    phones = [point for point in showing.contacts_of(vault) if point.kind == "phone"]
    return {
        "is_shared": bool(shared),
        "case": case,
        "phones": [(phone, phone.id in shared) for phone in phones],
        "may_call": actor.may(Permission.REVEAL_IDENTITY),
    }


@staff(Permission.RECORD_CONTACT)
def packs(request: Request) -> HttpResponse:
    """“Did you get your study pack?”: whom to ask, one press for the answer, which is a contact."""
    actor = request.actor
    cursor = request.GET.get("cursor", "")
    form = PackForm(request.POST or None)
    if request.method == "POST":
        if not form.is_valid():
            raise Refused("answer", _("请按一个按钮：收到了、没收到，或者没联系上。"))
        asked = form.cleaned_data["case"]
        case = next(iter(flows.facts_of(_not_answered(actor).filter(id=asked))), None)
        if case is None:
            raise NotFound("case")
        recording.answer_pack(actor, case, form.cleaned_data["answer"])
        return see_other_with("web:hotline_packs", **({"cursor": cursor} if cursor else {}))
    try:
        cases, next_cursor = _to_ask(actor, cursor)
    except CursorBroken:
        return see_other("web:hotline_packs")
    not_come = calls.packs_of(actor, [case.id for case in cases])
    return page(
        request,
        "web/hotline/packs.html",
        cases=[(case, not_come.get(case.id)) for case in cases],
        next_cursor=next_cursor,
        cursor=cursor,
    )


def _not_answered(actor: Actor) -> QuerySet[Any]:
    """Placed members who have not said yes."""
    rows = flows.cases_for(actor).filter(state=CaseState.PLACED, ended_on__isnull=True)
    return rows.exclude(id__in=calls.answered_packs(actor))


def _to_ask(actor: Actor, cursor: str) -> tuple[list[CaseFacts], str]:
    """One page of them by name, and where the next one begins."""
    return flows.page_by_name(actor, _not_answered(actor), cursor, of=_PACKS, limit=ASKED_AT_ONCE)
