"""The sync protocol over HTTP (docs/offline.md): phones, the sealing key, packets, operations."""

import base64
import binascii
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from ninja.security import APIKeyCookie, HttpBearer

from guiyan.access import handsets
from guiyan.access.handsets import Bearer
from guiyan.field import admission, queries, words
from guiyan.field import api_schemas as shapes
from guiyan.field.commands import handing_over, pulling, receiving, speaking
from guiyan.field.rules import reading
from guiyan.field.rules.routing import CALLS_OF_A_PHONE
from guiyan.field.rules.spoken import LARGEST_BYTES, LARGEST_PIECE_BYTES
from guiyan.field.types import Answer, Batch, Sender
from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform import clock, limits
from guiyan.platform.actor import Actor
from guiyan.platform.errors import ComeLater, Refused
from guiyan.platform.keys import key_ring

router = Router(tags=["field"])
PROBLEMS: dict[Any, Any] = {(401, 403, 404, 409, 422, 429): shapes.Problem}


class Phone(HttpBearer):
    """A phone that is in use, of somebody who may work today."""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        bearer: Bearer | None = getattr(request, "bearer", None)
        return bearer if bearer and bearer.standing == "live" else None


class AnyPhone(HttpBearer):
    """A phone of ours, also one that was reported lost: what it sends is kept for a person."""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        bearer: Bearer | None = getattr(request, "bearer", None)
        return bearer if bearer and bearer.standing != "expired" else None


class SignedIn(APIKeyCookie):
    """A member of staff in a browser; the form's token against forged posts is asked for."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return actor if actor.is_staff and not hasattr(request, "bearer") else None


@router.post("/devices", auth=SignedIn(), response={201: shapes.Device, **PROBLEMS},
             url_name="field_devices", summary="登记一台手机，取得它的令牌")  # fmt: skip
def issue_device(request: HttpRequest, given: shapes.NewDevice) -> tuple[int, dict[str, Any]]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    issued = handsets.issue_handset(
        by=actor, description=given.description, public_key=_raw(given.public_key)
    )
    return 201, {
        "id": issued.facts.id,
        "token": issued.token,
        "account_name": actor.name,
        "organisation_name": actor.organisation_name,
        "ends_after_days": handsets.LASTS.days,
    }


@router.get("/key", auth=Phone(), response={200: shapes.SealingKey, **PROBLEMS},
            url_name="field_key", summary="密封用的公钥，验证签名的公钥")  # fmt: skip
def sealing_key(request: HttpRequest) -> dict[str, Any]:
    _count(request)
    key_id, point = key_ring().field_key()
    signing = {key: _text(raw) for key, raw in key_ring().public_keys().items()}
    return {
        "id": key_id,
        "point": _text(point),
        "signing_keys": signing,
        "server_clock": clock.now(),
    }


@router.get("/packets", auth=Phone(), response={200: shapes.Areas, **PROBLEMS},
            url_name="field_packets", summary="可以下载的片区，和已经移交的片区")  # fmt: skip
def areas(request: HttpRequest) -> dict[str, Any]:
    bearer = _count(request)
    found, gone = queries.areas_for(bearer.actor, bearer.handset.id)
    return {
        "areas": [
            {"kind": kind.code, "title": kind.title, "id": area.id, "name": area.name,
             "count": area.count, "version": area.version}
            for kind, area in found
        ],
        "gone": [{"kind": kind, "id": area_id} for kind, area_id in gone],
        "server_clock": clock.now(),
    }  # fmt: skip


@router.get("/packets/{kind}/{area_id}", auth=Phone(), url_name="field_packet",
            response={200: shapes.PacketPage, 304: None, **PROBLEMS},
            summary="一个片区的一页")  # fmt: skip
def packet(
    request: HttpRequest,
    kind: Annotated[str, Path(max_length=40)],
    area_id: UUID,
    after: Annotated[str, Query("", max_length=2000)],
    since: Annotated[int, Query(0, ge=0, le=2**62)],
    size: Annotated[int, Query(100, ge=1, le=500)],
) -> HttpResponse:
    """Without `after` the first page; `since` asks only for what changed after that version."""
    bearer = _count(request)
    if after:
        page = pulling.next_page(
            bearer.actor, kind_code=kind, area_id=area_id, cursor=after, size=size
        )
    else:
        with admission.admitted():
            page = pulling.pull(
                by=bearer.actor, sender=_sender(bearer), kind_code=kind, area_id=area_id,
                since=since, size=size,
            )  # fmt: skip
    headers = {"ETag": page.etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if request.headers.get("If-None-Match") == page.etag:
        return HttpResponse(status=304, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return HttpResponse(page.packed, content_type="application/json", headers=headers)


@router.post("/operations", auth=AnyPhone(), response={200: shapes.Results, **PROBLEMS},
             url_name="field_operations", summary="上传一批记录，每条各有结果")  # fmt: skip
def push(request: HttpRequest, given: shapes.Push) -> dict[str, Any]:
    bearer = _count(request)
    sender = _sender(bearer)
    batch = Batch(tuple(given.operations), given.clock, given.unsent, given.packets)
    by = bearer.actor if bearer.standing == "live" else receiving.without_rights(sender)
    with admission.admitted():
        answers = receiving.receive(by=by, sender=sender, batch=batch)
    return _results(answers, given.clock)


@router.get("/operations/{operation_id}", auth=Phone(), url_name="field_receipt",
            response={200: shapes.Receipt, **PROBLEMS}, summary="一条记录的回执")  # fmt: skip
def receipt(request: HttpRequest, operation_id: UUID) -> Any:
    bearer = _count(request)
    return queries.receipt_for(bearer.actor, operation_id)


@router.get("/inbox", auth=Phone(), response={200: shapes.Inbox, **PROBLEMS},
            url_name="field_inbox", summary="本机传上来还在等的、被退回的，和等您决定的条数")  # fmt: skip
def inbox(request: HttpRequest) -> dict[str, Any]:
    bearer = _count(request)
    own = queries.waiting_of_phone(bearer.handset.id)
    declined = queries.declined_of_phone(bearer.handset.id)
    said = words.in_words(bearer.actor, [*own, *(one for one, _told in declined)])
    in_words = {one.facts.id: f"{one.facts.kind_title}：{one.said}" for one in said}
    return {
        "own": [{**asdict(one), "said": in_words[one.id]} for one in own],
        "declined": [{"id": one.id, "said": in_words[one.id], "told": told}
                     for one, told in declined],
        "to_decide": len(queries.waiting_for(bearer.actor, ("quarantined", "conflict"))),
    }  # fmt: skip


@router.get("/spoken/{note_id}", auth=AnyPhone(), response={200: shapes.Came, **PROBLEMS},
            url_name="field_spoken", summary="一段录音已收到多少")  # fmt: skip
def came(request: HttpRequest, note_id: UUID) -> Any:
    return speaking.came_of(_sender(_count(request)), note_id)


@router.put("/spoken/{note_id}/{at}", auth=AnyPhone(), response={200: shapes.Came, **PROBLEMS},
            url_name="field_spoken_piece", summary="上传一段录音的一截",
            openapi_extra=shapes.RAW_BODY)  # fmt: skip
def take_piece(
    request: HttpRequest, note_id: UUID, at: Annotated[int, Path(ge=0, le=LARGEST_BYTES)]
) -> Any:
    """Raw bytes from `at` on, after the note's operation was taken in; the same again is harmless."""
    bearer = _count(request)
    if len(request.body) > LARGEST_PIECE_BYTES:
        raise RequestDataTooBig
    sender = _sender(bearer)
    by = bearer.actor if bearer.standing == "live" else receiving.without_rights(sender)
    with admission.admitted():
        return speaking.take_piece(by=by, sender=sender, note_id=note_id, at=at, piece=request.body)


@router.post("/handovers", auth=Phone(), response={200: shapes.Results, **PROBLEMS},
             url_name="field_handovers", summary="代另一台手机上传转交文件")  # fmt: skip
def hand_over(request: HttpRequest, given: shapes.HandOver) -> dict[str, Any]:
    bearer = _count(request)
    with admission.admitted():
        answers, said = handing_over.take_file(by=bearer.actor, content=given.dict())
    return _results(answers, said)


def _count(request: HttpRequest) -> Bearer:
    """A phone that runs wild is stopped for a while; an honest one never comes near the number."""
    bearer: Bearer = request.auth  # type: ignore[attr-defined]
    times, per = CALLS_OF_A_PHONE
    if not limits.take("field-call", str(bearer.handset.id), limit=times, per=per):
        raise ComeLater(60)
    return bearer


def _sender(bearer: Bearer) -> Sender:
    """The path is the actor's of today: the organisation may have moved since the phone signed in."""
    phone = bearer.handset
    return Sender(
        device_id=phone.id,
        account_id=phone.account_id,
        account_name=phone.account_name,
        organisation_id=phone.organisation_id,
        path=phone.path,
        description=phone.description,
        standing=bearer.standing,
    )


def _results(answers: list[Answer], said: str) -> dict[str, Any]:
    now = clock.now()
    return {
        "results": answers,
        "server_clock": now,
        "skew_s": reading.skew_s(said, now),
    }


def _raw(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error) as broken:
        raise Refused("public-key", _("手机的公钥写法不对，应是65字节的P-256点。")) from broken


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")
