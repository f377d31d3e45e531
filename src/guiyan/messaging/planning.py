"""Which way each of many members is reached, today; nothing is written and no number is opened."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guiyan.channels import queries as channels
from guiyan.members import sending
from guiyan.members.sending import Sendable
from guiyan.messaging import rules, stopping
from guiyan.messaging.counting import month_of
from guiyan.messaging.models import LadderChoice, MonthCount, SayingTo, Stop
from guiyan.messaging.purposes import Purpose
from guiyan.messaging.rules import MOST_A_MONTH, Reach, Recipient, Step, Texts
from guiyan.messaging.types import PassedOver, Planned
from guiyan.platform.actor import Actor
from guiyan.platform.scope import beyond_scope

AT_ONCE = 5_000
PUSHED = frozenset({"sms", "wechat", "email", "wecom"})


@dataclass(frozen=True, slots=True)
class Way:
    """The next rung for one member, or none; and those passed over with why."""

    member: Sendable
    step: Step | None
    passed: tuple[tuple[str, str], ...]
    wechat: str = ""

    @property
    def channel(self) -> str:
        return self.step.channel if self.step else ""

    @property
    def whose(self) -> str:
        """Whose the number is; WeChat and the own page are always the member's."""
        return self.member.whose if self.channel in {"sms", "call_list"} else "own"

    @property
    def is_pushed(self) -> bool:
        return self.channel in PUSHED


def ways(
    by: Actor,
    purpose: Purpose,
    texts: Texts,
    member_ids: Sequence[UUID],
    *,
    at: datetime,
    tried: Mapping[UUID, Collection[str]] | None = None,
    only: Collection[str] = (),
    people: Mapping[UUID, Sendable] | None = None,
) -> list[Way]:
    """The next open rung of each member in scope, for a message that goes out at this time; a dozen
    queries for every 5,000 members.

    `people`: what is known of them already, where the caller has asked."""
    people = sending.sendable(by, member_ids) if people is None else people
    wechat = channels.wechat_reaches(by, list(people), purpose.wechat_template)
    known = _Known(people, at, purpose)
    configured = set(channels.configured_channels())
    has_sms = bool(channels.sms_channel())
    found = []
    for member_id, person in people.items():
        openid, credit = wechat.get(member_id, ("", None))
        code = purpose.sms_template if person.whose == "own" else purpose.neutral_sms_template
        reaches = {
            "sms": Reach(
                "sms",
                person.is_mobile,
                has_sms and bool(code),
                whose_number(person),
                said_no_more=person.blind in known.silent and purpose.code != stopping.CONFIRMED,
            ),
            "wechat": Reach(
                "wechat",
                bool(openid),
                "wechat" in configured and bool(purpose.wechat_template),
                credits=credit,
            ),
            "inbox": Reach("inbox", person.is_mobile and person.whose == "own", True),
            "call_list": Reach("call_list", True, True),
        }
        recipient = Recipient(
            agrees=person.agrees,
            has_stopped=member_id in known.stopped,
            sent_this_month=known.sent.get(member_id, 0),
            reaches=reaches,
        )
        ladder = rules.ladder_of(purpose.ladder, known.choice.get(member_id, ""))
        if only:
            ladder = tuple(channel for channel in purpose.ladder if channel in only)
        step, passed = rules.first_rung(
            ladder,
            (tried or {}).get(member_id, ()),
            recipient,
            is_answer=purpose.is_answer,
            names_them=not texts.neutral,
        )
        whys = tuple((each.channel, each.why_not) for each in passed)
        found.append(Way(person, step, whys, openid))
    return found


def as_planned(found: Iterable[Way], texts: Texts, *, already: int = 0) -> Planned:
    """The ways counted, with what they cost and whom nothing reaches."""
    counted: Counter[tuple[str, bool]] = Counter()
    called: Counter[tuple[str, str]] = Counter()
    passed = []
    for way in found:
        if way.step is None:
            passed.append(PassedOver(way.member.member_id, way.passed))
        else:
            counted[way.channel, way.whose == "own"] += 1
            if way.channel in rules.BY_A_PERSON:
                called[rules.why_called(way.passed)] += 1
    by_channel: Counter[str] = Counter()
    cost, sms = 0, channels.sms_channel()
    for (channel, is_own), many in counted.items():
        by_channel[channel] += many
        if channel == "sms":
            text = texts.short if is_own else texts.neutral
            cost += many * channels.cost_fen(sms, text)
    return Planned(
        by_channel=dict(by_channel),
        passed_over=tuple(passed),
        already=already,
        not_own=sum(many for (_, is_own), many in counted.items() if not is_own),
        cost_fen=cost,
        why_called=dict(called.most_common()),
    )


def not_yet_told(member_ids: Iterable[UUID], purpose: str, slot: str) -> list[UUID]:
    """Each member once, without those to whom this was said before, wherever that was."""
    ids = list(dict.fromkeys(member_ids))
    told: set[UUID] = set()
    with beyond_scope("what was said to a member counts once, whichever side said it"):
        for start in range(0, len(ids), AT_ONCE):
            rows = SayingTo.objects.filter(member_id__any=ids[start : start + AT_ONCE])
            rows = rows.filter(key__endswith=f":{purpose}:{slot}")
            # By whose it is now: of two files that became one, either was told.
            told.update(rows.values_list("member_id", flat=True))
    return [one for one in ids if one not in told]


def key_for(member_id: UUID, purpose: str, slot: str) -> str:
    return f"{member_id}:{purpose}:{slot}"


class _Known:
    """What members chose and got, for many at once; counted together, whichever side sent it."""

    def __init__(self, people: Mapping[UUID, Sendable], at: datetime, purpose: Purpose) -> None:
        ids = list(people)
        self.stopped: set[UUID] = set()
        self.silent: set[bytes] = set()
        self.sent: dict[UUID, int] = {}
        self.choice: dict[UUID, str] = {}
        with beyond_scope("stops, choices and counts hold whichever side writes"):
            for start in range(0, len(ids), AT_ONCE):
                some = ids[start : start + AT_ONCE]
                stops = Stop.objects.filter(member_id__any=some, ended_at__isnull=True)
                self.stopped.update(stops.values_list("member_id", flat=True))
                blinds = [people[one].blind for one in some if people[one].blind]
                self.silent |= stopping.stopped_among(blinds)
                counts = MonthCount.objects.filter(
                    member_id__any=some, month=month_of(at), messages__gte=MOST_A_MONTH
                )
                self.sent.update(counts.values_list("member_id", "messages"))
                chosen = LadderChoice.objects.filter(member_id__any=some, purpose=purpose.code)
                self.choice.update(chosen.values_list("member_id", "choice"))


def whose_number(person: Sendable) -> rules.Whose:
    """As the ladder tells numbers apart."""
    return "own" if person.whose == "own" else "shared" if person.whose == "shared" else "relative"
