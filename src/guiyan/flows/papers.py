"""The facts of each printed paper, gathered from the case, the file and the organisations."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from guiyan.flows import queries, showing, verifying
from guiyan.flows.documents import facts as documents
from guiyan.flows.types import CaseFacts, LetterFacts, SittingFacts
from guiyan.kernel.calendar import months_between
from guiyan.members import queries as member_queries
from guiyan.members.types import MemberFacts
from guiyan.orgs import queries as org_queries
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now

_SEX = {"male": "男", "female": "女"}
_MONTHS_OF_A_YEAR = 12


@override(settings.LANGUAGE_CODE)
def printed_letter(actor: Actor, letter: LetterFacts) -> bytes:
    """The PDF of a letter, an introduction or a certificate, by its kind."""
    case = queries.get_case_for(actor, letter.case_id)
    member = member_queries.get_member_for(actor, case.member_id)
    if letter.kind == "introduction":
        return documents.introduction(_introduction(actor, letter, case, member))
    if letter.kind == "certificate":
        return documents.certificate(_certificate(actor, letter, case, member))
    return documents.letter(_letter(actor, letter, case, member))


def _letter(
    actor: Actor, letter: LetterFacts, case: CaseFacts, member: MemberFacts
) -> documents.LetterFacts:
    is_from_home = case.home_organisation_id is not None
    if is_from_home:
        since = showing.day(case.left_on, case.left_precision)
        background = _("我处党员%(name)s同志%(since)s外出，据了解现在贵组织辖区内。") % {
            "name": case.member_name,
            "since": since and _("于%(day)s") % {"day": since},
        }
        asks = [
            _("核实该同志现是否在贵组织辖区内居住或务工；"),
            _("如在，请将其编入流入地党支部，并告知党支部联系人；"),
            _("如已离开，请告知去向。"),
        ]
    else:
        background = _("%(name)s同志现在我处辖区内，自述组织关系在贵组织。") % {
            "name": case.member_name
        }
        asks = [
            _("核实该同志是否为贵组织党员，组织关系所在党支部；"),
            _("告知党支部联系人和联系电话。"),
        ]
    return documents.LetterFacts(
        number=letter.number,
        sent_on=letter.issued_on,
        sender=_sender(org_queries.organisation(letter.issuer_organisation_id), letter.issued_by),
        to_organisation=letter.to_text or "　　　　　　",
        member_name=case.member_name,
        member_id_masked=member.id_mask or None,
        background=background,
        asks=asks,
        reply_by=letter.reply_by,
        verify_url=verifying.verify_url(letter.id),
        watermark=_mark(actor),
    )


def _introduction(
    actor: Actor, letter: LetterFacts, case: CaseFacts, member: MemberFacts
) -> documents.IntroductionFacts:
    valid_until = letter.valid_until or letter.issued_on
    return documents.IntroductionFacts(
        number=letter.number,
        issued_on=letter.issued_on,
        sender=_sender(org_queries.organisation(letter.issuer_organisation_id), letter.issued_by),
        to_organisation=letter.to_text,
        member_name=case.member_name,
        sex=_SEX.get(member.sex),
        age=_age(member, letter),
        ethnicity=None,
        is_probationary=member.category == "probationary",
        id_number=member.id_mask or None,
        member_phone=member.phone_mask or None,
        from_branch=showing.side_name(case.home_organisation_id, case.home_text),
        to_branch=showing.side_name(case.host_organisation_id, case.host_text),
        dues_paid_to=letter.dues_paid_to,
        valid_days=(valid_until - letter.issued_on).days,
        valid_until=valid_until,
        verify_url=verifying.verify_url(letter.id),
        watermark=_mark(actor),
    )


def _certificate(
    actor: Actor, letter: LetterFacts, case: CaseFacts, member: MemberFacts
) -> documents.CertificateFacts:
    year = letter.issued_on.year
    is_placed = case.placed_on is not None
    return documents.CertificateFacts(
        number=letter.number,
        issued_on=letter.issued_on,
        issuer=letter.issuer_name,
        holder_name=case.member_name,
        sex=_SEX.get(member.sex),
        born=showing.day(member.born_on, "month") or None,
        joined_on=member.joined_on,
        home_branch=showing.side_name(case.home_organisation_id, case.home_text),
        home_contact=None,
        home_phone=_phone(case.home_organisation_id),
        left_on=case.left_on,
        reason=case.reason_away or None,
        destination=case.host_text or None,
        host_branch=showing.side_name(case.host_organisation_id, "") if is_placed else None,
        accepted_on=case.placed_on,
        contact_person=None,
        contact_phone=_phone(case.host_organisation_id) if is_placed else None,
        valid_until=letter.valid_until or letter.issued_on,
        checks=[
            documents.YearlyCheck(year=year + ahead, checked_on=None, checked_by=None)
            for ahead in range(3)
        ],
        activities=[],
        verify_url=verifying.verify_url(letter.id),
        watermark=None,
    )


@override(settings.LANGUAGE_CODE)
def printed_minutes(actor: Actor, sitting: SittingFacts) -> bytes:
    """The minutes of a sitting as PDF. A handful of queries for any number of decisions."""
    organisation = org_queries.organisation(sitting.organisation_id)
    present = [name.strip() for name in sitting.present.replace("，", "、").split("、")]
    placements, left_open = decisions_of(actor, sitting)
    return documents.minutes(
        documents.MinutesFacts(
            number=f"{organisation.code}-{sitting.held_on:%Y%m%d}-{str(sitting.id)[:4]}",
            organisation=organisation.name,
            held_on=sitting.held_on,
            place=None,
            chair=present[0] or None,
            recorder=None,
            present=present,
            placements=placements,
            left_open=left_open,
            watermark=_mark(actor),
        )
    )


def decisions_of(
    actor: Actor, sitting: SittingFacts
) -> tuple[list[documents.MinutesPlacement], list[str]]:
    """Who was placed where and why, and who was left for next time. Two queries."""
    wanted = [decision.case_id for decision in sitting.decisions] + list(sitting.left_open)
    cases = queries.cases_by_id(actor, wanted)
    ids = {decision.branch_id for decision in sitting.decisions}
    ids |= {one.suggested_id for one in sitting.decisions if one.suggested_id}
    ids |= {case.home_organisation_id for case in cases.values() if case.home_organisation_id}
    names = {one.id: one.name for one in org_queries.organisations_by_id(ids).values()}
    placements = [
        documents.MinutesPlacement(
            member_name=cases[decision.case_id].member_name,
            came_from=_home_name(cases[decision.case_id], names),
            suggested=names.get(decision.suggested_id) if decision.suggested_id else None,
            placed_in=names[decision.branch_id],
            reason=decision.reason or _("会议研究决定"),
        )
        for decision in sitting.decisions
        if decision.case_id in cases
    ]
    return placements, [cases[one].member_name for one in sitting.left_open if one in cases]


@override(settings.LANGUAGE_CODE)
def printed_poster(organisation: OrganisationFacts) -> bytes:
    """The poster of one organisation: one code, one number, one address (M1)."""
    hotline, hours = _hotline(organisation)
    url = check_in_url(organisation)
    return documents.poster(
        documents.PosterFacts(
            organisation=organisation.name,
            headline=_("欢迎回家"),
            why=_("您是在这里工作生活的流动党员吗？请告诉我们，我们为您找到身边的党支部。"),
            checkin_url=url,
            short_url=url.split("//", 1)[-1],
            hotline=hotline,
            hotline_hours=hours,
            address=_address(organisation),
            notice=_(
                "填写的信息只用于核实党员身份和联系您；未能核实的信息30天后清除。"
                "不用下载软件，也不用注册。"
            ),
        )
    )


@override(settings.LANGUAGE_CODE)
def printed_open_letter(
    actor: Actor,
    organisation: OrganisationFacts,
    *,
    title: str = "",
    salutation: str = "",
    paragraphs: Sequence[str] = (),
) -> bytes:
    """The open letter of one organisation to members who live there (M1); in its own words, where
    an upper room has some."""
    hotline, hours = _hotline(organisation)
    url = check_in_url(organisation)
    return documents.open_letter(
        documents.OpenLetterFacts(
            title=title or _("致流动党员的一封信"),
            salutation=salutation or _("远道而来的党员同志："),
            paragraphs=list(paragraphs)
            or [
                _(
                    "您好！您来到这里，或开店办厂，或务工经商，为当地添了一份力量。"
                    "无论您从哪里来，在这里都有一个家。"
                ),
                _(
                    "如果您的组织关系还在老家，或者已经有一段时间没有参加组织生活，请和我们联系。"
                    "我们会为您找到住处或者工作地点附近的党支部，安排一位联系人，您不用来回奔波。"
                ),
                _(
                    "您可以扫描下方的二维码，用一分钟留下联系方式；也可以拨打热线，或者直接到服务中心来。"
                    "不用下载任何软件，也不用注册。"
                ),
            ],
            organisation=organisation.name,
            sent_on=actor.today,
            hotline=hotline,
            hotline_hours=hours,
            address=_address(organisation),
            checkin_url=url,
            short_url=url.split("//", 1)[-1],
        )
    )


def check_in_url(organisation: OrganisationFacts) -> str:
    return f"{settings.PUBLIC_URL}/r/{organisation.check_in_code}"


def _hotline(organisation: OrganisationFacts) -> tuple[str, str | None]:
    """The nearest hotline at or above, else the office's own number."""
    lines = org_queries.hotlines_along(organisation.path)
    if lines:
        return lines[0].phone, lines[0].duty_text or None
    return organisation.phone, None


def _address(organisation: OrganisationFacts) -> str:
    """Where to go and when somebody is there: the service centre or desk of the organisation,
    else the office itself."""
    for point in org_queries.service_points_of(organisation.id):
        if point.is_open and point.address:
            hours = point.duty_text.replace("\n", "；")
            place = f"{point.address} {point.name}"
            return f"{place}（{hours}）" if hours else place
    return organisation.address or organisation.name


def _sender(issuer: OrganisationFacts, contact: str) -> documents.Sender:
    return documents.Sender(
        organisation=issuer.name,
        contact=contact or None,
        phone=issuer.phone or None,
        address=issuer.address or None,
    )


def _phone(organisation_id: UUID | None) -> str | None:
    if organisation_id is None:
        return None
    return org_queries.organisation(organisation_id).phone or None


def _home_name(case: CaseFacts, names: dict[UUID, str]) -> str:
    home_id = case.home_organisation_id
    return (names.get(home_id, "") if home_id else case.home_text) or "—"


def _age(member: MemberFacts, letter: LetterFacts) -> int | None:
    if member.born_on is None:
        return None
    return months_between(member.born_on, letter.issued_on) // _MONTHS_OF_A_YEAR


def _mark(actor: Actor) -> documents.Watermark:
    return documents.Watermark(viewer=actor.name, unit=actor.organisation_name, at=now())
