"""The shapes of the sync protocol as OpenAPI tells them; docs/offline.md tells what they mean."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from guiyan.field.rules.reading import MOST_IN_A_BATCH
from guiyan.field.rules.spoken import LARGEST_PIECE_BYTES


class NewDevice(Schema):
    description: str = Field("", max_length=120, description="所用手机，例如“红米 Note”")
    public_key: str = Field(
        "", max_length=100, description="P-256 公钥（65 字节未压缩点，base64url），用来签转交文件"
    )


class Device(Schema):
    id: UUID
    token: str = Field(description="只给这一次；之后放在 Authorization: Bearer 里")
    account_name: str
    organisation_name: str
    ends_after_days: int = Field(description="多少天不用就要重新登录")


class SealingKey(Schema):
    id: str = Field(description="密钥号，写在密封内容的最前面")
    point: str = Field(description="P-256 公钥（65 字节未压缩点，base64url）")
    signing_keys: dict[str, str] = Field(description="验证数据包签名的 Ed25519 公钥，按密钥号")
    server_clock: datetime


class Area(Schema):
    kind: str
    title: str
    id: UUID
    name: str
    count: int
    version: int


class GoneArea(Schema):
    kind: str
    id: UUID


class Areas(Schema):
    areas: list[Area]
    gone: list[GoneArea] = Field(description="本机下载过、现在不归您的片区：删除其数据，待传的照传")
    server_clock: datetime


class PacketPage(Schema):
    page: str = Field(description="这一页的原文（JSON），签名签的就是它的 UTF-8 字节")
    signature: str
    key_id: str
    next: str = Field(description="下一页的位置；空：这是最后一页")


class Push(Schema):
    operations: list[Any] = Field(max_length=MOST_IN_A_BATCH, description="每条单独处理，见文档")
    clock: str = Field("", max_length=40, description="手机现在的时间（ISO 8601）")
    unsent: int | None = Field(None, ge=0, le=1_000_000, description="手机上还没传的条数")
    packets: dict[str, str] = Field(
        default_factory=dict, description="片区编号 → 数据包最后一页的 token"
    )


class Result(Schema):
    place: int = Field(description="在这一批里的位置，从 0 起")
    id: UUID | None
    status: int = Field(description="200 已办，202 已收下在等，409 编号用过，413 太大，422 没收下")
    state: str
    code: str
    message: str
    version: int | None
    kept: dict[str, Any]
    is_replay: bool


class Results(Schema):
    results: list[Result]
    server_clock: datetime
    skew_s: int = Field(description="手机的钟比服务器快多少秒")


class Receipt(Schema):
    id: UUID
    state: str
    code: str
    version: int | None
    received_at: datetime


class Waiting(Schema):
    id: UUID
    state: str
    code: str
    kind: str
    subject_id: UUID
    area_id: UUID | None
    account_name: str
    received_at: datetime
    kept: dict[str, Any]
    said: str = Field(description="这条记录说了什么，用填写人看得懂的话")


class Declined(Schema):
    id: UUID
    said: str
    told: str = Field(description="退回的理由")


class Inbox(Schema):
    own: list[Waiting] = Field(description="本机传上来、还在等的")
    declined: list[Declined] = Field(description="本机传上来、三十天内被退回的")
    to_decide: int = Field(description="等您在网页上决定的条数")


class HandOver(Schema):
    form: str = Field(pattern="^guiyan-handover-1$")
    device_id: UUID
    sealed: str = Field(min_length=1, max_length=4_500_000)
    signature: str = Field("", max_length=100)


class Came(Schema):
    came: int = Field(description="服务器已有的字节数；从这里接着传")
    size: int
    is_whole: bool = Field(description="全部收到，和记录里写的一致")


# A piece is its bytes, without any wrapping.
RAW_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary", "maxLength": LARGEST_PIECE_BYTES}
            }
        },
    }
}


class Problem(Schema):
    type: str
    title: str
    status: int
    code: str
    detail: str
