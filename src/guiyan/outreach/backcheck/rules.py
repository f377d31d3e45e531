"""Which part of a round is looked at once more, who may do it, and how far the two agree.

Sources: a county's guidance on its census (a tenth is visited again by another township); for the
interval E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212, because
it holds for few checks and near 100 %. The rate is of the round, never of a team or a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil, sqrt
from typing import Final
from uuid import UUID

from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform.errors import Refusal

DEFAULT_SHARE: Final = 5
_Z: Final = 1.959964  # 95 %, two-sided
Team = UUID | None


def sample(seed: str, share: int, by_team: Mapping[Team, Sequence[UUID]]) -> list[UUID]:
    """`share` percent of what each team explained, at least one of each: those whose hash with the
    seed is smallest. The same seed and the same round give the same sample to anybody."""
    chosen: list[UUID] = []
    for ids in by_team.values():
        order = sorted(ids, key=lambda one: sha256(f"{seed} {one}".encode()).digest())
        chosen += order[: ceil(len(order) * share / 100)]
    return sorted(chosen, key=str)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many of those looked at again were found as they had been said; shares from 0 to 1."""

    checked: int
    agreed: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        return self.agreed / self.checked if self.checked else 0.0


def agreement(agreed: int, checked: int) -> Agreement:
    """Wilson's interval at 95 %; from nothing to everything while nothing was checked."""
    if checked == 0:
        return Agreement(0, 0, 0.0, 1.0)
    share, z2 = agreed / checked, _Z * _Z
    middle = (share + z2 / (2 * checked)) / (1 + z2 / checked)
    half = _Z * sqrt(share * (1 - share) / checked + z2 / (4 * checked * checked))
    half /= 1 + z2 / checked
    return Agreement(checked, agreed, max(middle - half, 0.0), min(middle + half, 1.0))


def may_draw(round_state: str, share: int, explained: int, waiting: int) -> Refusal | None:
    if round_state != "open":
        return Refusal("not-open", _("只有正在进行的摸排可以抽样复核。"))
    if not 1 <= share <= 100:
        return Refusal("share", _("抽样比例是 1 到 100 的百分数。"))
    if waiting:
        return Refusal("waiting", _("上一次抽中的还没有复核完，请先做完。"))
    if explained == 0:
        return Refusal("nothing", _("还没有一家有结果，等走访以后再抽样。"))
    return None


def may_check(
    *, is_done: bool, second_team: Team, first_team: Team, by: UUID | None, first_by: UUID | None
) -> Refusal | None:
    """Somebody else looks: another team, or, where no team goes, another person."""
    if is_done:
        return Refusal("done", _("这一家已经复核过了。"))
    if second_team is not None and second_team == first_team:
        return Refusal("same-team", _("复核要换一个组，请选另外的组。"))
    if second_team is None and by is not None and by == first_by:
        return Refusal("same-person", _("复核要换一个人，请让没有走访过这一家的同志来做。"))
    return None
