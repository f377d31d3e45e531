"""How stays go along when two files of one person become one, and come apart again."""

from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.flows.models import Case
from guiyan.members.merging import Follower
from guiyan.platform.errors import Refusal
from guiyan.platform.scope import beyond_scope


def objection(kept_id: UUID, gone_id: UUID) -> Refusal | None:
    """A person is on one stay at a time, so two open ones are settled before the files are one."""
    with beyond_scope("an open stay counts wherever it is"):
        found = Case.objects.filter(member_id__in=[kept_id, gone_id], ended_on__isnull=True)
        open_ones = found.count()
    if open_ones < 2:
        return None
    return Refusal(
        "two-open-cases", _("两份档案各有一条进行中的流动记录，请先办结其中一条，再合并档案。")
    )


def move(kept_id: UUID, gone_id: UUID) -> list[str]:
    """All stays of the file that goes, also those that other organisations keep."""
    with beyond_scope("the stays of a person stay together"):
        rows = Case.objects.filter(member_id=gone_id)
        ids = [str(case_id) for case_id in rows.values_list("id", flat=True)]
        rows.update(member_id=kept_id)
    return ids


def move_back(kept_id: UUID, gone_id: UUID, ids: list[str]) -> None:
    """Exactly those that went along go back."""
    with beyond_scope("the stays of a person stay together"):
        Case.objects.filter(id__in=ids, member_id=kept_id).update(member_id=gone_id)


FOLLOWER = Follower("flows", objection, move, move_back)
