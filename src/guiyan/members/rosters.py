"""All files of an organisation and of those below it, page after page: for exports of any length."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from guiyan.members.models import Member
from guiyan.members.queries import facts_of
from guiyan.members.types import MemberFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import ABOVE_EVERY_PATH


def roster_pages(actor: Actor, path: str, *, at_once: int = 2_000) -> Iterator[list[MemberFacts]]:
    """Files whose home or host lies at the path or below, by name; two queries a page."""
    if not actor.may(Permission.SEE_MEMBERS):
        raise Forbidden(Permission.SEE_MEMBERS)
    high = path + ABOVE_EVERY_PATH
    rows = Member.objects.filter(
        Q(home_path__gte=path, home_path__lt=high) | Q(host_path__gte=path, host_path__lt=high),
        merged_into__isnull=True,
    ).order_by("pinyin", "id")
    last: tuple[str, UUID] | None = None
    while True:
        wanted = rows
        if last is not None:
            pinyin, after = last
            wanted = rows.filter(
                Q(pinyin__gt=pinyin) | Q(pinyin=pinyin, id__gt=after), pinyin__gte=pinyin
            )
        found = list(wanted[:at_once])
        if found:
            yield facts_of(found)
        if len(found) < at_once:
            return
        last = (found[-1].pinyin, found[-1].id)
