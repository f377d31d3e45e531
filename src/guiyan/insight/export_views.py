"""Exports: ask, see how far it is, take the file; and the second person's list."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guiyan.flows.types import RegisterFilter
from guiyan.flows.words import STATE
from guiyan.insight import commands, export_queries
from guiyan.insight.export_sources import SOURCES
from guiyan.liaison.pairing.queries import has_contact_person
from guiyan.members.opening_many import left_today
from guiyan.orgs import queries as orgs
from guiyan.platform import files
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

_FORMATS = {"xlsx": _("表格（xlsx）"), "csv": _("文本表格（csv）"), "pdf": _("打印（PDF）")}


class ExportForm(forms.Form):
    """Which register of which organisation; full numbers only with a reason."""

    register = forms.ChoiceField(label=_("台账"))
    organisation = forms.CharField(
        label=_("组织"), max_length=200, help_text=_("本单位或下级组织的名称、代码。")
    )
    file_format = forms.ChoiceField(
        label=_("格式"), choices=list(_FORMATS.items()), widget=forms.RadioSelect, initial="xlsx"
    )
    is_unmasked = forms.BooleanField(
        label=_("含完整的身份证号码和电话"),
        required=False,
        help_text=_("每人每天50条以内可直接导出，超过的须另一位同志审批；名单里的每个人都看得到。"),
    )
    reason = forms.CharField(
        label=_("用途"), max_length=200, required=False, help_text=_("导出完整号码必须写明。")
    )
    state = forms.CharField(required=False, widget=forms.HiddenInput)
    claimed = forms.CharField(required=False, widget=forms.HiddenInput)
    trade = forms.CharField(required=False, widget=forms.HiddenInput)
    overdue = forms.CharField(required=False, widget=forms.HiddenInput)
    alone = forms.CharField(required=False, widget=forms.HiddenInput)
    ended = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._actor = actor
        self.organisation_id: UUID | None = None
        field = self.fields["register"]
        field.choices = [  # type: ignore[attr-defined]
            (name, source.title) for name, source in SOURCES.items() if actor.may(source.permission)
        ]

    def clean_organisation(self) -> str:
        text = str(self.cleaned_data["organisation"])
        found = orgs.find_organisation(text=text, under=self._actor.path)
        if found is None:
            raise forms.ValidationError(
                [
                    _("没有找到，或者有几个名称相近的。请写全称，或写组织代码。"),
                    *filter(None, [orgs.may_be_meant(text, under=self._actor.path)]),
                ]
            )
        self.organisation_id = found.id
        return text

    def filter(self) -> RegisterFilter:
        asked = self.cleaned_data
        return RegisterFilter(
            states=(asked["state"],) if asked["state"] in STATE else (),
            claimed={"yes": True, "no": False}.get(asked["claimed"]),
            trade=asked["trade"][:60],
            overdue=asked["overdue"] == "1",
            except_for=has_contact_person() if asked["alone"] == "1" else None,
            ended=asked["ended"] == "1",
        )


@staff(Permission.EXPORT_REGISTERS)
def exports(request: Request) -> HttpResponse:
    """What one asked for; the files go after a day."""
    return page(request, "insight/exports.html", exports=export_queries.my_exports(request.actor))


@staff(Permission.EXPORT_REGISTERS)
def new_export(request: Request) -> HttpResponse:
    """Ask for a register; the filters of the page one came from go along."""
    actor = request.actor
    form = ExportForm(request.POST or None, actor=actor, initial=_asked_for(request))
    if request.method == "POST" and form.is_valid() and form.organisation_id:
        typed = form.cleaned_data
        try:
            request_id = commands.request_export(
                by=actor,
                register=typed["register"],
                organisation_id=form.organisation_id,
                wanted=form.filter(),
                file_format=typed["file_format"],
                is_unmasked=typed["is_unmasked"],
                reason=typed["reason"],
            )
            return see_other("insight:export", request_id)
        except Refused as refusal:
            form.add_error("reason" if refusal.code == "reason" else None, refusal.message)
    return page(request, "insight/new_export.html", form=form, left=left_today(actor))


def _asked_for(request: Request) -> dict[str, str]:
    names = ("register", "state", "claimed", "trade", "overdue", "alone", "ended")
    asked = {name: request.GET.get(name, "") for name in names}
    try:
        wanted = UUID(request.GET.get("organisation", ""))
        asked["organisation"] = orgs.get_organisation_for(request.actor, wanted).code
    except (ValueError, NotFound):
        own = request.actor.organisation_id
        asked["organisation"] = orgs.organisation(own).code if own else ""
    return asked


@staff(Permission.EXPORT_REGISTERS)
def export(request: Request, request_id: UUID) -> HttpResponse:
    """How far it is; the page looks again by itself, and may be left and found again."""
    facts = export_queries.get_export_for(request.actor, request_id)
    answer = page(request, "insight/export.html", export=facts)
    if facts.is_under_way:
        answer.headers["Refresh"] = "5"
    return answer


@staff(Permission.EXPORT_REGISTERS)
def export_file(request: Request, request_id: UUID) -> StreamingHttpResponse:
    """One click; who took it and when is kept before a byte leaves."""
    stored = commands.take_export(by=request.actor, request_id=request_id)
    answer = StreamingHttpResponse(files.streamed(stored), content_type=stored.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{stored.name}"'
    answer.headers["Content-Length"] = str(stored.size_bytes)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@staff(Permission.APPROVE_EXPORTS)
def approvals(request: Request) -> HttpResponse:
    """What waits for a second person within one's part of the tree."""
    return page(request, "insight/approvals.html", exports=export_queries.to_approve(request.actor))


@staff(Permission.APPROVE_EXPORTS)
@require_POST
def decide(request: Request, request_id: UUID) -> HttpResponse:
    """Yes or no, by somebody who did not ask."""
    commands.decide_export(
        by=request.actor,
        request_id=request_id,
        is_approved=request.POST.get("answer") == "yes",
    )
    return see_other("insight:approvals")
