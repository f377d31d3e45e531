"""Facts of invented people for each printed document."""

from datetime import UTC, date, datetime

from guiyan.flows.documents import facts as documents

VERIFY = "https://guiyan.example.cn/v/7KQ4-M2XD"
MARK = documents.Watermark(
    viewer="吉克阿依", unit="中共美姑县委组织部", at=datetime(2026, 4, 3, 1, 5, tzinfo=UTC)
)
SENDER = documents.Sender(
    organisation="中共美姑县巴普镇委员会",
    contact="沙马石布",
    phone="12300000001",
    address="四川省凉山州美姑县巴普镇文化街1号",
)

LETTER = documents.LetterFacts(
    number="巴普党函〔2026〕12号",
    sent_on=date(2026, 4, 3),
    sender=SENDER,
    to_organisation="中共贵阳市观山湖区金阳街道工作委员会",
    member_name="阿力木呷",
    member_id_masked="513499********001X",
    background=(
        "我委所属城东社区党支部党员阿力木呷同志，据本人2月向家人所述，"
        "现在贵组织辖区内务工，已连续三个月未能与党支部取得联系。"
    ),
    asks=[
        "核实该同志现是否在贵组织辖区内居住或务工；",
        "如在，请将其编入流入地党支部，并告知党支部联系人；",
        "如已离开，请告知去向。",
    ],
    reply_by=date(2026, 5, 8),
    verify_url=VERIFY,
    watermark=MARK,
)

INTRODUCTION = documents.IntroductionFacts(
    number="巴普字第 0007 号",
    issued_on=date(2026, 4, 3),
    sender=SENDER,
    to_organisation="中共贵阳市观山湖区金阳街道工作委员会",
    member_name="阿力木呷",
    sex="男",
    age=34,
    ethnicity="彝族",
    is_probationary=False,
    id_number="513499********001X",
    member_phone="12300000002",
    from_branch="中共美姑县巴普镇城东社区支部委员会",
    to_branch="中共金阳街道碧海社区支部委员会",
    dues_paid_to=date(2026, 3, 1),
    valid_days=90,
    valid_until=date(2026, 7, 2),
    verify_url=VERIFY,
    watermark=None,
)

CERTIFICATE = documents.CertificateFacts(
    number="513436-2026-0031",
    issued_on=date(2026, 4, 3),
    issuer="中共美姑县巴普镇城东社区支部委员会",
    holder_name="阿力木呷",
    sex="男",
    born="1992年1月",
    joined_on=date(2015, 7, 1),
    home_branch="中共美姑县巴普镇城东社区支部委员会",
    home_contact="沙马石布",
    home_phone="12300000001",
    left_on=date(2026, 2, 20),
    reason="务工",
    destination="贵州省贵阳市观山湖区",
    host_branch="中共金阳街道碧海社区支部委员会",
    accepted_on=date(2026, 4, 10),
    contact_person="韦春燕",
    contact_phone="12300000003",
    valid_until=date(2027, 4, 2),
    checks=[
        documents.YearlyCheck(
            year=2026, checked_on=date(2026, 12, 20), checked_by="碧海社区党支部"
        ),
        documents.YearlyCheck(year=2027, checked_on=None, checked_by=None),
        documents.YearlyCheck(year=2028, checked_on=None, checked_by=None),
    ],
    activities=[
        documents.Activity(on=date(2026, 5, 11), what="参加主题党日；交纳4月、5月党费"),
        documents.Activity(on=date(2026, 7, 1), what="参加党员大会"),
    ],
    verify_url=VERIFY,
    watermark=None,
)

POSTER = documents.PosterFacts(
    organisation="中共美姑县委组织部",
    headline="欢迎回家",
    why="您是在美姑工作生活的流动党员吗？请告诉我们，我们为您找到身边的党支部。",
    checkin_url="https://guiyan.example.cn/c/meigu",
    short_url="guiyan.example.cn/c/meigu",
    hotline="12345-0834",
    hotline_hours="工作日 9:00–17:00",
    address="美姑县巴普镇文化街1号 流动党员服务中心",
    notice="填写的信息只用于核实党员身份和联系您，依据《关于加强新形势下流动党员教育管理工作的意见》；"
    "未核实的信息30天后删除。",
)

OPEN_LETTER = documents.OpenLetterFacts(
    title="致在美姑流动党员的一封信",
    salutation="远道而来的党员同志：",
    paragraphs=[
        (
            "您好！您来到美姑，或开店办厂，或务工经商，为这座大凉山深处的县城添了一份力量。"
            "无论您从哪里来，在这里都有一个家。"
        ),
        (
            "如果您的组织关系还在老家，或者已经有一段时间没有参加组织生活，请和我们联系。"
            "我们会为您找到住处或者工作地点附近的党支部，安排一位联系人，您不用来回奔波。"
        ),
        (
            "您可以扫描下方的二维码，用一分钟留下联系方式；也可以拨打热线，或者直接到服务中心来。"
            "不用下载任何软件，也不用注册。"
        ),
    ],
    organisation="中共美姑县委组织部",
    sent_on=date(2026, 4, 3),
    hotline="12345-0834",
    hotline_hours="工作日 9:00–17:00",
    address="美姑县巴普镇文化街1号 流动党员服务中心",
    checkin_url="https://guiyan.example.cn/c/meigu",
    short_url="guiyan.example.cn/c/meigu",
)


def register_of(length: int) -> documents.RegisterFacts:
    """A moved-out register with as many rows as asked for."""
    titles = [
        ("姓名", 1.0),
        ("公民身份号码", 1.7),
        ("性别", 0.5),
        ("入党时间", 1.0),
        ("流出党支部", 2.4),
        ("流入地", 2.2),
        ("流入党支部", 2.4),
        ("联系电话", 1.2),
        ("状态", 0.9),
        ("距上次联系（天）", 0.8),
    ]
    row = [
        "阿力木呷",
        "513499********001X",
        "男",
        "2015-07-01",
        "美姑县巴普镇城东社区党支部",
        "贵州省贵阳市观山湖区金阳街道",
        "碧海社区党支部",
        "123****0002",
        "已接收",
        "12",
    ]
    return documents.RegisterFacts(
        title="流出党员登记册",
        organisation="中共美姑县巴普镇委员会",
        as_of=date(2026, 4, 3),
        summary=f"共 {length} 名，其中已接收 {length} 名，未接收 0 名。",
        columns=[
            documents.RegisterColumn(title=title, share=share, is_number=share == 0.8)
            for title, share in titles
        ],
        rows=[[f"{row[0]}{number}", *row[1:]] for number in range(1, length + 1)],
        watermark=MARK,
    )


MINUTES = documents.MinutesFacts(
    number="〔2026〕第3次",
    organisation="中共美姑县巴普镇委员会",
    held_on=date(2026, 4, 3),
    place="镇党群服务中心二楼会议室",
    chair="马海伍呷",
    recorder="吉克阿依",
    present=["马海伍呷", "吉克阿依", "沙马石布", "韦春燕"],
    placements=[
        documents.MinutesPlacement(
            member_name="陈远帆",
            came_from="湖南省怀化市溆浦县 · 桥江镇党支部",
            suggested="城东社区党支部",
            placed_in="城东社区党支部",
            reason="住在城东社区，步行10分钟",
        ),
        documents.MinutesPlacement(
            member_name="罗小满",
            came_from="贵州省毕节市威宁县 · 草海社区党支部",
            suggested="城西社区党支部",
            placed_in="商贸流动党员党支部",
            reason="与同乡三人同在商贸城经营，本人希望编在一起",
        ),
    ],
    left_open=["杨四海：原党支部尚未确认身份，下次会议再议"],
    watermark=MARK,
)

MEMBER_COPY = documents.MemberCopyFacts(
    member_name="阿力木呷",
    organisation="中共美姑县委组织部",
    made_at=datetime(2026, 4, 3, 12, 15, tzinfo=UTC),
    sections=[
        documents.CopiedSection(
            title="基本信息",
            fields=[
                documents.CopiedField(
                    label="姓名",
                    content="阿力木呷",
                    purpose="确认是您本人",
                    readers="流出、流入党支部及其上级",
                    kept_until="流动结束后3年",
                ),
                documents.CopiedField(
                    label="公民身份号码",
                    content="513499********001X",
                    purpose="核实党员身份，避免重复登记",
                    readers="经办人说明理由后",
                    kept_until="流动结束后3年",
                ),
            ],
        ),
        documents.CopiedSection(
            title="联系方式",
            fields=[
                documents.CopiedField(
                    label="手机",
                    content="123****0002",
                    purpose="与您联系",
                    readers="联系人、党支部书记",
                    kept_until="流动结束",
                ),
            ],
        ),
    ],
    openings=[
        documents.Opening(
            at=datetime(2026, 4, 1, 2, 2, tzinfo=UTC),
            who="吉克阿依（美姑县委组织部）",
            what="公民身份号码",
            reason="与流出地党支部核对身份",
        ),
    ],
    rights="您可以要求更正、删除，可以撤回同意；在本人页面提出，或者拨打下面的电话。",
    hotline="12345-0834",
)
