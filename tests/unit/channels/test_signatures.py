"""Signatures and encryption, against the examples that the providers have published.

Each example is quoted with its source. Telephone numbers in them are put together at run time.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.channels import weixin
from guiyan.channels.aliyun_sms import wire as aliyun
from guiyan.channels.tencent_sms import wire as tencent

# Aliyun, "V3版本请求体&签名机制" (help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature):
# the example with fixed parameters.
ACS3_SIGNATURE = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"

# Tencent Cloud, "签名方法 v3" (cloud.tencent.com/document/api/213/30654): the secret key of the
# published example is literally 32 asterisks.
TC3_SIGNATURE = "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
TC3_BODY = (
    rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
)

# WeCom, "加解密方案说明" (developer.work.weixin.qq.com/document/path/90968) and its sample code:
WECOM_TOKEN, WECOM_CORP = "QDG6eK", "wx5823bf96d3bd56c7"
WECOM_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
WECOM_ECHO = (
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
)
WECOM_MESSAGE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj"
    "911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06"
    "DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQ"
    "H03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6"
    "BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+"
    "E7Q=="
)

# WeChat official accounts, sample code of "消息加解密" (developers.weixin.qq.com, WXBizMsgCrypt,
# WXBizMsgCryptTest): encryption with fixed random bytes.
WECHAT_KEY, WECHAT_APP = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxb11529c136998cb6"
WECHAT_SEALED = (
    "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
)


def test_aliyuns_published_request_gets_its_published_signature() -> None:
    headers = aliyun.signed_headers(
        method="POST",
        host="ecs.cn-shanghai.aliyuncs.com",
        query=aliyun.query_of(
            {
                "RegionId": "cn-shanghai",
                "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            }
        ),
        body=b"",
        action="RunInstances",
        version="2014-05-26",
        date="2023-10-26T10:22:32Z",
        nonce="3156853299f313e23d1673dc12e1703d",
        key_id="YourAccessKeyId",
        key_secret="YourAccessKeySecret",
    )
    assert headers["Authorization"].endswith(f"Signature={ACS3_SIGNATURE}")
    assert headers["Authorization"].startswith(
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
    )


def test_tencents_published_request_gets_its_published_signature() -> None:
    signed = tencent.authorization(
        secret_id="AKID" + "*" * 32,
        secret_key="*" * 32,
        service="cvm",
        host="cvm.tencentcloudapi.com",
        action="DescribeInstances",
        body=TC3_BODY,
        timestamp=1551113065,
    )
    assert signed == (
        f"TC3-HMAC-SHA256 Credential=AKID{'*' * 32}/2019-02-25/cvm/tc3_request,"
        f" SignedHeaders=content-type;host;x-tc-action, Signature={TC3_SIGNATURE}"
    )


def test_wecoms_published_proof_of_address_is_read() -> None:
    signed = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    assert weixin.is_signed(signed, WECOM_TOKEN, "1409659589", "263014780", WECOM_ECHO)
    assert weixin.decrypt(WECOM_KEY, WECOM_ECHO, WECOM_CORP) == "1616140317555161061"


def test_wecoms_published_message_is_read() -> None:
    signed = "477715d11cdb4164915debcba66cb864d751f3e6"
    assert weixin.is_signed(signed, WECOM_TOKEN, "1409659813", "1372623149", WECOM_MESSAGE)
    message = weixin.decrypt(WECOM_KEY, WECOM_MESSAGE, WECOM_CORP)
    assert weixin.read_xml(message).findtext("Content") == "hello"


def test_wechats_published_text_is_sealed_as_published_and_read() -> None:
    text = "我是中文abcd123"
    sealed = weixin.encrypt(WECHAT_KEY, text, WECHAT_APP, random=b"aaaabbbbccccdddd")
    assert sealed == WECHAT_SEALED
    assert weixin.decrypt(WECHAT_KEY, WECHAT_SEALED, WECHAT_APP) == text


@given(st.text(st.characters(exclude_categories=["Cs"])), st.binary(min_size=16, max_size=16))
def test_what_is_sealed_for_an_app_is_read_by_it_alone(text: str, random: bytes) -> None:
    sealed = weixin.encrypt(WECHAT_KEY, text, "wx-ours", random=random)
    assert weixin.decrypt(WECHAT_KEY, sealed, "wx-ours") == text
    with pytest.raises(weixin.Forged):
        weixin.decrypt(WECHAT_KEY, sealed, "wx-others")


@given(st.binary(max_size=200))
def test_no_bytes_are_read_as_a_message_of_ours(noise: bytes) -> None:
    with pytest.raises(weixin.Forged):
        weixin.decrypt(WECHAT_KEY, weixin.base64.b64encode(noise).decode(), "wx-ours")


def test_a_message_that_declares_entities_is_refused() -> None:
    with pytest.raises(weixin.Forged):
        weixin.read_xml('<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>')


@pytest.mark.parametrize(("timestamp", "is_fresh"), [(700, True), (699, False), (1301, False)])
def test_a_call_counts_as_fresh_for_five_minutes(timestamp: int, is_fresh: bool) -> None:
    assert weixin.is_fresh(str(timestamp), 1000) is is_fresh
    assert not weixin.is_fresh("later", 1000)
