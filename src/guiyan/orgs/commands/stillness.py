"""Nothing is moved or merged while somebody writes rows that bear a path in many tables at once.

Whoever writes so keeps the tree still first, many at one moment; a move waits for them and then goes
alone. So no row is left behind at a path that is gone, and no two wait for each other in a ring.
"""

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform.errors import Refused
from guiyan.platform.turns import share_turn, wait_for_turn

_TREE = "orgs.tree"
# Batches of phones end within a second; a round that is being opened takes minutes, and whoever
# comes behind the mover waits as long as the mover does.
PATIENCE_MS = 5_000


def keep_tree_still() -> None:
    """Until the transaction ends nobody moves or merges; asked for before any row is locked."""
    share_turn(_TREE)


def hold_tree(patience_ms: int = PATIENCE_MS) -> None:
    """Alone with the tree until the transaction ends. Refuses: busy, when others are long at it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('lock_timeout', %s, true)", [str(patience_ms)])
            wait_for_turn(_TREE)
            cursor.execute("set local lock_timeout to default")
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        told = _("这时有走访记录正在上传，或有一轮摸排正在开始。什么都没有改，请过几分钟再办。")
        raise Refused("busy", told) from error
