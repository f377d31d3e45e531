"""What keeping in touch hangs into work without a line: its list, its operations, its pages."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from guiyan.field.offline import (
    KindWords,
    Operation,
    OperationKind,
    Outcome,
    PacketKind,
    register_operation_kind,
    register_packet_kind,
)
from guiyan.field.screens import register_screen
from guiyan.liaison.on_phone import brought, operations, packets
from guiyan.liaison.on_phone.words import SCREEN
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission

Apply = Callable[[Actor, Sequence[Operation]], Sequence[Outcome]]


def join_lower_rooms() -> None:
    """Once, when the application is ready."""
    register_packet_kind(
        PacketKind(
            packets.CODE,
            str(_("联系")),
            Permission.RECORD_CONTACT,
            packets.areas_for,
            packets.build,
        )
    )
    kinds: tuple[tuple[str, type[BaseModel], Apply, Any, KindWords], ...] = (
        (operations.KIND, operations.ContactBody, operations.apply_contacts, _("一次联系"),
         brought.CONTACT),
        (operations.UNDO, operations.UndoBody, operations.apply_undoes, _("撤销一次联系"),
         brought.UNDO),
    )  # fmt: skip
    for code, body, apply, title, words in kinds:
        register_operation_kind(
            OperationKind(
                code,
                1,
                body,
                Permission.RECORD_CONTACT,
                apply,
                area_kind=packets.CODE,
                title=title,
                decided_with=Permission.ASSIGN_CONTACT_PERSON,
                owner_of=packets.owner_of,
                words=words,
                hold=operations.hold_stays,
            )
        )
    register_screen(SCREEN)
