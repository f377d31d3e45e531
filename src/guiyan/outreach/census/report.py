"""The report of a round: method, coverage, back-check, by which of the three ways people were found,
what is left and why. Numbers are those of the counters; page, PDF and workbook say the same."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from guiyan.flows import queries as flows
from guiyan.kernel.workbooks.write import Column, Sheet, write_sheets
from guiyan.orgs import queries as orgs
from guiyan.outreach.backcheck import queries as backchecks
from guiyan.outreach.backcheck.types import BackCheckFacts
from guiyan.outreach.census import queries, words
from guiyan.outreach.census.rules import CLOSED, NOT_VISITED, PARTLY, REFUSED
from guiyan.outreach.census.types import RoundFacts, StandingFacts, Tally
from guiyan.outreach.screening import words as screening_words
from guiyan.outreach.screening.rules import NOT_KNOWN
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.documents.render import render_pdf

_REPORT: Final = Path(__file__).parent / "papers" / "report.typ"
ON_PAPER: Final = 500  # nobody reads more lines of what is left on paper; the workbook has the rest
IN_WORKBOOK: Final = 20_000  # four times the register of a county
_UNRESOLVED: Final = (CLOSED, NOT_VISITED, PARTLY, REFUSED)
# M3: the member finds the organisation, members find members, the organisation finds the member.
_WAYS: Final[dict[str, str | Promise]] = {
    "self": gettext_lazy("党员找组织"),
    "peer": gettext_lazy("党员找党员"),
    "": gettext_lazy("组织找党员"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """What is reported of a round."""

    round: RoundFacts
    place: str
    whole: Tally
    parts: list[Tally]
    back_check: BackCheckFacts
    ways: list[tuple[str, int]]
    at_doors: int
    left: list[StandingFacts]
    states: words.Words

    @property
    def until(self) -> date | None:
        return self.round.closed_on

    @property
    def not_listed(self) -> str:
        """That the list of what is left does not hold all of it: said, never left out in silence."""
        every = sum(self.whole.counts.get(state, 0) for state in _UNRESOLVED)
        if every <= len(self.left):
            return ""
        return _("共%(n)s个，这里列出%(listed)s个；其余请看导出的表格，或按下级单位分别查看。") % {
            "n": every,
            "listed": len(self.left),
        }


def report_of(actor: Actor, round_: RoundFacts, *, listing: int = ON_PAPER) -> Report:
    """Read from the counters, the leads of the round's time and what is left. Nine queries."""
    whole, parts = queries.coverage(actor, round_.id, round_.organisation_id)
    since = round_.opened_on or round_.starts_on
    leads = flows.leads_by_way(actor, round_.path, since, round_.closed_on)
    ways = dict.fromkeys(_WAYS, 0)
    for (_door, method), many in leads.items():
        ways[method if method in _WAYS else ""] += many
    return Report(
        round=round_,
        place=orgs.organisation(round_.organisation_id).name,
        whole=whole,
        parts=parts,
        back_check=backchecks.of_round(actor, round_.id),
        ways=[(str(_WAYS[way]), many) for way, many in ways.items()],
        at_doors=sum(many for (door, _method), many in leads.items() if door == "census"),
        left=queries.standings_of_round(
            actor, round_.id, path=round_.path, states=_UNRESOLVED, limit=listing
        ),
        states=screening_words.STATE if round_.kind == "branches" else words.STATE,
    )


def method_of(report: Report) -> list[str]:
    """How it was done, in sentences."""
    if report.round.kind == "branches":
        first = _(
            "每个支部对照自己的名册逐人核对：在本地、外出不满六个月、外出六个月以上、不知道在哪里。"
        )
    else:
        first = _("按台账逐户走访，每一家只有一个结果，并写明原因；走访中新遇到的单位当场登记。")
    last = _("各级数字由同一份登记汇总，任何时候都等于台账总数。")
    return [first, last, *_check_words(report)]


def _check_words(report: Report) -> list[str]:
    check = report.back_check
    found = []
    if check.draws:
        seeds = "、".join(f"{one.seed}（{one.share}%）" for one in check.draws)
        found.append(
            _("从每个组已有结果的单位中随机抽取%(n)s家，由另外的组复核；随机种子：%(seeds)s。")
            % {"n": check.drawn, "seeds": seeds}
        )
    if check.agreement.checked:
        of = check.agreement
        found.append(
            _("复核%(n)s家，一致%(same)s家，一致率%(rate)s，95%%可信区间%(low)s—%(high)s（Wilson）。")
            % {
                "n": of.checked, "same": of.agreed, "rate": f"{of.rate * 100:.1f}%",
                "low": f"{of.low * 100:.1f}%", "high": f"{of.high * 100:.1f}%",
            }
        )  # fmt: skip
    if report.round.without_back_check:
        found.append(
            _("复核没有做完，原因：%(reason)s。") % {"reason": report.round.without_back_check}
        )
    return found


def _lines(report: Report) -> list[tuple[str, list[int]]]:
    """A body in each line, the whole last: all, with a result, left, then each state."""
    return [
        (one.name, [one.total, one.done, one.left, *(one.counts.get(s, 0) for s in report.states)])
        for one in [*report.parts, report.whole]
    ]


def _found(report: Report) -> list[tuple[str, int]]:
    people = [
        (str(word), report.whole.people.get(code, 0))
        for code, word in screening_words.ANSWER.items()
    ]
    if report.round.kind == "branches":
        return [*people, *report.ways]
    return [*report.ways, (_("其中上门摸排找到的线索"), report.at_doors)]


def _why(one: StandingFacts) -> str:
    """The reason, and of a door that was shut the day on which somebody comes back."""
    if one.come_back_on is None:
        return one.reason
    return _("%(reason)s，%(day)s再来") % {"reason": one.reason, "day": one.come_back_on}


@override(settings.LANGUAGE_CODE)
def printed(actor: Actor, report: Report) -> bytes:
    """The report on paper."""
    round_ = report.round
    facts = {
        "title": _("%(round)s情况报告") % {"round": round_.title},
        "place": report.place,
        "purpose": round_.purpose,
        "from": round_.opened_on,
        "until": round_.closed_on,
        "method": method_of(report),
        "heads": [_("单位"), _("共"), _("有结果"), _("还剩"), *map(str, report.states.values())],
        "rows": [[name, *map(str, numbers)] for name, numbers in _lines(report)],
        "found": [[name, str(many)] for name, many in _found(report)],
        "left": [
            [one.name, one.address, str(report.states[one.state]), _why(one) or "—"]
            for one in report.left
        ],
        "not_listed": report.not_listed,
        "not_known": report.whole.people.get(NOT_KNOWN, 0),
        "watermark": {"viewer": actor.name, "unit": actor.organisation_name, "at": now()},
    }
    return render_pdf(_REPORT, facts)


@override(settings.LANGUAGE_CODE)
def workbook(actor: Actor, report: Report) -> bytes:
    """The same as a workbook: method, coverage, what was found, what is left."""
    wide, narrow = 40, 12
    heads = [_("共"), _("有结果"), _("还剩"), *map(str, report.states.values())]
    sheets = [
        Sheet(_("方法和复核"), [Column(_("说明"), 100)], [[one] for one in method_of(report)]),
        Sheet(
            _("进度"),
            [Column(_("单位"), wide), *(Column(one, narrow, "number") for one in heads)],
            [[name, *numbers] for name, numbers in _lines(report)],
        ),
        Sheet(
            _("找到的人"),
            [Column(_("怎样找到"), wide), Column(_("人数"), narrow, "number")],
            [[name, many] for name, many in _found(report)],
        ),
        Sheet(
            _("没有走通的"),
            [
                *(Column(_("名称"), wide), Column(_("地址"), wide)),
                *(Column(_("结果"), narrow), Column(_("原因"), wide)),
            ],
            [
                *(
                    [one.name, one.address, str(report.states[one.state]), _why(one)]
                    for one in report.left
                ),
                *([[report.not_listed]] if report.not_listed else ()),
            ],
        ),
    ]
    note = f"{report.round.title}　{report.place}"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        write_sheets(path, sheets, header_note=note, watermark=actor.name)
        return path.read_bytes()
