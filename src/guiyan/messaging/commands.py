"""Writes of what is said to members: say, set texts, stop, choose, answer a reply."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

from guiyan.channels import commands as channel_commands
from guiyan.channels.types import NewMessage
from guiyan.kernel.findings import gettext_noop as _
from guiyan.members import own, sending
from guiyan.members import queries as member_queries
from guiyan.members.consents import NOTICE_VERSION
from guiyan.members.sending import CONSENT
from guiyan.messaging import climbing, planning, policy, replying, rules, stopping, wordings
from guiyan.messaging.models import LadderChoice, MessageTemplate, Reply, Saying
from guiyan.messaging.planning import not_yet_told
from guiyan.messaging.purposes import LONGEST_SLOT, Purpose, is_well_formed, purpose_of
from guiyan.messaging.rules import Texts
from guiyan.messaging.types import Planned, ToOne
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, NotFound, Refused, refuse
from guiyan.platform.permissions import Permission


@command(Permission.SEND_MESSAGES)
def say(
    *,
    by: Actor,
    purpose: str,
    slot: str,
    member_ids: Sequence[UUID],
    facts: Mapping[str, str],
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> Planned:
    """Say one thing to many members, each over the first open rung of their ladder.

    At most once per (member, purpose, slot) for ever; outside the quiet hours; not after it
    expires. Whom nothing reaches stands in the saying's list with the reasons. Numbers of rows and
    audit rows grow with the members, statements with every 5,000 of them.
    Raises Refused: facts, betrays, slot, too-late.
    """
    words, texts = _words(by, purpose, slot, facts)
    saying = _saying(by, words, texts, slot, facts, not_before, expires_at)
    new = not_yet_told(member_ids, purpose, slot)
    found = climbing.begin(by, saying, words, texts, new)
    plan = planning.as_planned(found, texts, already=len(set(member_ids)) - len(new))
    audit.note(
        subject_kind="saying",
        subject_id=saying.id,
        purpose=purpose,
        slot=slot,
        by_channel=plan.by_channel,
        passed_over=len(plan.passed_over),
    )
    return replace(
        plan, saying_id=saying.id, send_after=saying.send_after, expires_at=saying.expires_at
    )


def preview_saying(
    *,
    by: Actor,
    purpose: str,
    slot: str,
    member_ids: Sequence[UUID],
    facts: Mapping[str, str],
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> Planned:
    """The same, before anything is put: by which way how many, the cost, who is passed over and why.

    Writes nothing. Raises what `say` raises.
    """
    if not by.may(Permission.SEND_MESSAGES):
        raise Forbidden("preview_saying")
    words, texts = _words(by, purpose, slot, facts)
    opens, ends = _window(words, not_before, expires_at)
    new = not_yet_told(member_ids, purpose, slot)
    found = planning.ways(by, words, texts, new, at=opens)
    already = len(set(member_ids)) - len(new)
    plan = planning.as_planned(found, texts, already=already)
    return replace(plan, send_after=opens, expires_at=ends)


@command(Permission.MESSAGE_OWN_MEMBERS)
def say_to_one(*, by: Actor, purpose: str, member_id: UUID, facts: Mapping[str, str]) -> Planned:
    """One thing to one member, by who may send or by the member's own contact person; once for each
    period of the purpose, or once a day.

    Raises NotFound for somebody else's member and for what nobody says by hand; Refused as `say`.
    """
    slot = _slot_of_one(purpose, by.today)
    with policy.sending_to(by, member_id) as sender:
        plan = say(by=sender, purpose=purpose, slot=slot, member_ids=[member_id], facts=facts)
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id, purpose=purpose)
    return plan


def preview_to_one(*, by: Actor, purpose: str, member_id: UUID, facts: Mapping[str, str]) -> ToOne:
    """The same before anything is put: the text, the way, the cost. Writes nothing."""
    slot = _slot_of_one(purpose, by.today)
    with policy.sending_to(by, member_id) as sender:
        words, texts = _words(sender, purpose, slot, facts)
        is_told = not not_yet_told([member_id], purpose, slot)
        opens, ends = _window(words, None, None)
        (way,) = planning.ways(sender, words, texts, [member_id], at=opens)
    is_own, plan = way.whose == "own", planning.as_planned([way], texts)
    text = {"call_list": texts.call or texts.long, "inbox": texts.long}.get(way.channel)
    return ToOne(
        channel=way.channel,
        whose=way.member.whose,
        text=text or (texts.short if is_own else texts.neutral),
        cost_fen=plan.cost_fen,
        passed=way.passed,
        send_after=opens,
        expires_at=ends,
        is_told=is_told,
    )


@command(Permission.SEND_MESSAGES)
def set_texts(
    *, by: Actor, purpose: str, texts: Texts, templates: Mapping[str, str], reason: str
) -> int:
    """The organisation's own texts of a purpose, from now on, here and below; returns the version.

    Raises Refused: betrays, empty, gaps.
    """
    declared = purpose_of(purpose)
    if by.organisation_id is None:
        raise Forbidden("set_texts")
    refuse(rules.may_send(texts))
    if not texts.short.strip() or not texts.long.strip():
        raise Refused("empty", _("请写要发的内容。"))
    if not is_well_formed(texts, declared.facts):
        raise Refused("gaps", _("大括号里只能写这个用途有的内容，请照说明改。"))
    last = MessageTemplate.objects.filter(purpose=purpose, path=by.path).order_by("-version")
    version = (last.values_list("version", flat=True).first() or 0) + 1
    row = MessageTemplate.objects.create(
        purpose=purpose,
        organisation_id=by.organisation_id,
        path=by.path,
        version=version,
        title=texts.title,
        short=texts.short,
        neutral=texts.neutral,
        long=texts.long,
        call=texts.call,
        set_at=now(),
        set_by_name=by.name[:50],
        **{name: templates.get(name, "") for name in wordings.CODES},
    )
    audit.note(subject_kind="template", subject_id=row.id, purpose=purpose, version=version)
    return version


@command(Permission.SEND_MESSAGES)
def write_group_text(*, by: Actor, purpose: str, text: str, names_nobody: bool = False) -> UUID:
    """A text to be copied into a group: neutral, without a name or a number (mission.md).

    `names_nobody`: whoever wrote it says that what reads like a member's name is none.
    Raises Refused: empty, betrays, gap, phone, id-number, name.
    """
    words = wordings.in_force(purpose, by.path)
    refuse(rules.may_send_text(text))
    if rules.GAP in text:
        raise Refused("gap", _("还有空没有填，请补上再存。"))
    if not names_nobody and sending.names_in(text):
        raise Refused("name", _("文字里有和党员同名的字，请删去；确实不是姓名的，看过再勾选。"))
    message = NewMessage(
        key=f"group:{purpose}:{uuid4()}",
        channel="group_text",
        address="",
        title=words.texts.title,
        text=text,
        path=by.path,
    )
    message_id = channel_commands.hand_out(by=by, message=message)
    audit.note(subject_kind="message", subject_id=message_id, purpose=purpose)
    return message_id


@command(None)
def stop_own(*, by: Actor) -> None:
    """The member wants no more messages: one tap, and it holds for every way that pushes."""
    member_id = _member(by)
    stopping.stop(member_id, _path_of(by, member_id), "page")
    own.withdraw_consent(by=by, purpose=CONSENT)
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)


@command(None)
def resume_own(*, by: Actor) -> None:
    """The member wants messages again, and agrees to them."""
    member_id = _member(by)
    stopping.resume(member_id)
    stopping.resume_numbers(sending.own_hashes(member_id))
    own.give_consent(by=by, purpose=CONSENT, notice_version=NOTICE_VERSION)
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)


@command(None)
def choose_ways(*, by: Actor, choices: Mapping[str, str]) -> None:
    """By which way the member wants to hear of each purpose; empty: as the organisation does."""
    member_id = _member(by)
    for purpose, choice in choices.items():
        purpose_of(purpose)
        if choice not in rules.CHOICES:
            raise Refused("choice", _("请从列出的几种里选一种。"))
        LadderChoice.objects.update_or_create(
            member_id=member_id,
            purpose=purpose,
            defaults={"choice": choice, "path": _path_of(by, member_id), "set_at": now()},
        )
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)


@command(Permission.RECORD_CONTACT)
def read_reply(*, by: Actor, reply_id: UUID) -> str:
    """What a member wrote back, opened by who looks after them; the member sees that it was read."""
    row = replying.reply_row(reply_id)
    if row.opened_at is None:
        row.opened_at = now()
        row.save(update_fields=["opened_at"])
    audit.note(subject_kind="reply", subject_id=row.id, member_id=row.member_id)
    return replying.text_of(row)


@command(Permission.RECORD_CONTACT)
def answer_reply(*, by: Actor, reply_id: UUID) -> None:
    """Somebody has answered it; the text goes. Only a recorded contact closes what is due."""
    row = replying.reply_row(reply_id, lock=True)
    if row.answered_at is not None:
        raise Refused("answered", _("已经有人答复过了，请刷新页面。"))
    Reply.objects.filter(pk=row.pk).update(answered_at=now(), answered_by=by.account_id, text=None)
    audit.note(subject_kind="reply", subject_id=row.id, member_id=row.member_id)


def _slot_of_one(code: str, on: date) -> str:
    """Said to one member, a thing without a period of its own counts once a day."""
    purpose = purpose_of(code)
    if purpose.is_program:
        raise NotFound(f"purpose {code}")
    return purpose.slot_on(on, on.isoformat())


def _words(by: Actor, code: str, slot: str, facts: Mapping[str, str]) -> tuple[Purpose, Texts]:
    purpose_of(code)
    if not slot or len(slot) > LONGEST_SLOT or ":" in slot:
        raise Refused("slot", _("请写明是哪一次，例如活动的日期。"))
    words = wordings.in_force(code, by.path)
    texts = words.filled(facts)
    refuse(rules.may_send(texts))
    return words, texts


def _window(
    words: Purpose, not_before: datetime | None, expires_at: datetime | None
) -> tuple[datetime, datetime]:
    starts = max(not_before or now(), now())
    ends = expires_at or starts + words.life
    opens = rules.send_window(starts, ends)
    if opens is None:
        raise Refused("too-late", _("到可以发的时间已经过期了，请改过期时间，或改打电话。"))
    return opens, ends


def _saying(
    by: Actor,
    words: Purpose,
    texts: Texts,
    slot: str,
    facts: Mapping[str, str],
    not_before: datetime | None,
    expires_at: datetime | None,
) -> Saying:
    opens, ends = _window(words, not_before, expires_at)
    return Saying.objects.create(
        purpose=words.code,
        slot=slot,
        organisation_id=by.organisation_id,
        path=by.path,
        said_by=by.account_id,
        said_by_name=by.name[:50],
        at=now(),
        send_after=opens,
        expires_at=ends,
        facts={name: " ".join(facts[name].split()) for name in words.facts},
        texts=wordings.as_written(words, texts),
    )


def _member(by: Actor) -> UUID:
    if not by.is_member or by.member_id is None:
        raise NotFound("only a member")
    return by.member_id


def _path_of(by: Actor, member_id: UUID) -> str:
    facts = member_queries.get_member_for(by, member_id)
    return facts.host_path or facts.home_path or ""
