"""A member says: no more. One row as long as it holds."""

from uuid import UUID

from guiyan.messaging.models import Stop
from guiyan.platform.clock import now


def stop(member_id: UUID, path: str, how: str) -> bool:
    """False when it held already."""
    _, is_new = Stop.objects.get_or_create(
        member_id=member_id,
        ended_at__isnull=True,
        defaults={"path": path, "how": how, "since": now()},
    )
    return is_new


def resume(member_id: UUID) -> None:
    Stop.objects.filter(member_id=member_id, ended_at__isnull=True).update(ended_at=now())
