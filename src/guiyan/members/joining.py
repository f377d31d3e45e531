"""What this room tells the rooms below: who hangs on an organisation."""

from guiyan.members.models import Member
from guiyan.orgs import attachments
from guiyan.platform.scope import ABOVE_EVERY_PATH


def join_lower_rooms() -> None:
    """Once, when the application is ready."""
    attachments.register("党员", members_at)


def members_at(path: str) -> int:
    """How many files belong to the organisation at `path` or below it. One query."""
    return Member.objects.filter(
        home_path__gte=path, home_path__lt=path + ABOVE_EVERY_PATH, merged_into__isnull=True
    ).count()
