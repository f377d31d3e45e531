"""Openings of the vault: how many a person made today, which are unusual, and the notice of one."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.members import rules, words
from guiyan.members.models import Member
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refusal, Refused
from guiyan.platform.limits import take
from guiyan.platform.models import AuditRow
from guiyan.platform.scope import beyond_scope
from guiyan.platform.turns import wait_for_turn

UNUSUAL_NAMES = {
    "outside": gettext_lazy("不是您的流出地或流入地组织"),
    "elevated": gettext_lazy("使用了临时提升的权限"),
    "many": gettext_lazy("当天查看的人很多"),
    "night": gettext_lazy("在夜间查看"),
}


def count_today(by: Actor, at: datetime) -> int:
    """How many fields this person has opened since midnight in China, under any of their grants;
    a row of an unmasked export without a second person's yes counts as one.

    Two openings of one person wait for each other, so that the day's last one is opened once.
    """
    if by.account_id is None:
        return 0
    midnight = _midnight(at)
    wait_for_turn(f"openings {by.account_id.hex}")
    with beyond_scope("a person's openings count together, whichever grant they act under"):
        rows = AuditRow.objects.filter(account_id=by.account_id, at__gte=midnight)
        return rows.filter(
            Q(action__in=("members.reveal", "members.print_copy"))
            | Q(action="members.open_identity_of_many", facts__is_approved=False)
            | Q(action="members.take_numbers_along", member_id__isnull=False)
        ).count()


def taken_along_today(by: Actor, at: datetime) -> set[UUID]:
    """The members whose number this person's phone took along today already. One query."""
    with beyond_scope("a person's openings count together, whichever grant they act under"):
        rows = AuditRow.objects.filter(
            account_id=by.account_id, at__gte=_midnight(at), action="members.take_numbers_along"
        )
        return {one for one in rows.values_list("member_id", flat=True) if one is not None}


def _midnight(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def unusual(by: Actor, member: Member, at: datetime, already_today: int) -> tuple[str, ...]:
    """The circumstances of this opening that the member is told of."""
    opening = rules.Opening(
        by.organisation_id,
        by.path,
        bool(by.elevation_reason),
        timezone.localtime(at),
        already_today,
    )
    return rules.unusual_openings(opening, member.home_path, member.host_path)


def notice_text(by: Actor, kind: str, reasons: tuple[str, ...]) -> str:
    """One plain sentence: who opened what, and what was out of the ordinary."""
    text = _("%(who)s（%(where)s）查看了您的%(what)s。提醒您，因为%(why)s。") % {
        "who": by.name,
        "where": by.organisation_name or _("系统"),
        "what": words.KIND[kind],
        "why": "、".join(str(UNUSUAL_NAMES[reason]) for reason in reasons),
    }
    return text[:300]


def translated(refusal: Refusal | None) -> Refusal | None:
    """A rule's words in the reader's language."""
    return Refusal(refusal.code, _(refusal.message)) if refusal else None


def count_search(by: Actor) -> None:
    """One search by a number, or one number entered, of the 60 an hour. Raises Refused: too-many."""
    if by.is_staff and not take(
        "members.search",
        str(by.account_id),
        limit=rules.SEARCHES_PER_HOUR,
        per=timedelta(hours=1),
    ):
        raise Refused("too-many", _("一小时内用号码查找的次数太多，请稍后再查。"))
