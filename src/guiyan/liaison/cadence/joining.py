"""What the cadence and the six clears hang into the rooms below: news of cases, merges, the file."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guiyan.flows import panels
from guiyan.flows import queries as flow_queries
from guiyan.flows.events import CaseAdvanced, CasesGone
from guiyan.flows.types import CaseFacts
from guiyan.liaison import keeping
from guiyan.liaison import queries as liaison_queries
from guiyan.liaison.cadence import queries
from guiyan.liaison.cadence.jobs import follow_case, forget_cases
from guiyan.liaison.models import Relief, SixClear
from guiyan.liaison.six_clears import queries as clear_queries
from guiyan.members import merging, timeline
from guiyan.members.merging import Follower
from guiyan.messaging import policy, replying
from guiyan.platform.actor import Actor
from guiyan.platform.events import subscribe
from guiyan.platform.jobs import enqueue
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope

SENTENCES = {
    "liaison.exempt_member": _("登记了不作硬性要求"),
    "liaison.pause_member": _("暂停了联系要求"),
    "liaison.end_relief": _("恢复了联系要求"),
    "liaison.note_clears": _("更新了六清情况"),
    "liaison.answer_help": _("答复了困难诉求"),
    "liaison.help_to_reach": _("支部帮助联系"),
}
_FOLLOWING = {"relief": Relief, "clear": SixClear}


def join_lower_rooms() -> None:
    """Once, when the application is ready."""
    panels.register(six_clears_panel)
    timeline.SENTENCES.update(SENTENCES)
    replying.record_links.append(contact_url)
    policy.looks_after.append(liaison_queries.is_contact_person)
    policy.acting_elsewhere.append(keeping.acting_for_member)
    merging.follow(FOLLOWER)
    subscribe(CaseAdvanced, lambda news: enqueue(follow_case, case_id=str(news.case_id)))
    subscribe(
        CasesGone, lambda news: enqueue(forget_cases, case_ids=[str(one) for one in news.case_ids])
    )


def contact_url(actor: Actor, member_id: UUID) -> str:
    """Where a contact with this member is recorded; empty when no stay of theirs is open."""
    case = flow_queries.open_case_of_member(actor, member_id)
    return reverse("web:contact", args=[case.id]) if case else ""


def six_clears_panel(actor: Actor, case: CaseFacts) -> tuple[str, dict[str, Any]] | None:
    """The six clears, and what is due, on the case's page. Seven queries."""
    if not actor.is_staff:
        return None
    return "liaison/six_clears_panel.html", {
        "case": case,
        "clears": clear_queries.clears_of(actor, case.member_id),
        "owed": queries.owed_of(actor, case.id),
        "relief": queries.relief_of(actor, case.member_id),
        "may_record": actor.may(Permission.RECORD_CONTACT) and case.is_open,
        "may_relieve": actor.may(Permission.SET_CADENCE),
    }


def _move(kept_id: UUID, gone_id: UUID) -> list[str]:
    """What was said and what was relieved stays with the person."""
    moved = []
    with beyond_scope("what was said of a person stays together"):
        for name, model in _FOLLOWING.items():
            rows = model._default_manager.filter(member_id=gone_id)
            moved += [f"{name}:{row_id}" for row_id in rows.values_list("id", flat=True)]
            rows.update(member_id=kept_id)
    return moved


def _move_back(kept_id: UUID, gone_id: UUID, moved: list[str]) -> None:
    """Exactly those that went along go back."""
    with beyond_scope("what was said of a person stays together"):
        for name, model in _FOLLOWING.items():
            ids = [one.partition(":")[2] for one in moved if one.startswith(f"{name}:")]
            model._default_manager.filter(id__in=ids, member_id=kept_id).update(member_id=gone_id)


FOLLOWER = Follower("liaison", lambda _kept, _gone: None, _move, _move_back)
