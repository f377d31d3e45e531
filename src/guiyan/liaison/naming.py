"""A contact person is named: one for each stay, also when two name somebody at the same moment."""

from django.db import IntegrityError, transaction

from guiyan.kernel.findings import gettext_noop as _
from guiyan.liaison.models import ContactPerson
from guiyan.platform.errors import Refused


def name(row: ContactPerson) -> None:
    """The second of two finds the first one's. Raises Refused "changed-meanwhile"."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            "changed-meanwhile", _("刚刚有人给这名党员指定了联系人。请刷新页面，看过再定。")
        ) from error
