"""When the manager's name and number of a shop go (PIPL arts. 19 and 47; `fields`).

They are kept so that whoever visits can call first. So they go in the night when the shop is known
to be closed or moved, and otherwise three years after the last census over it; while a census is
planned or open over it they stay.
"""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from guiyan.outreach.models import Premises, Standing

KEPT = timedelta(days=1095)
_NOTHING = {"manager_sealed": None, "phone_sealed": None, "phone_blind": None, "phone_mask": ""}


def erase_managers(on: date) -> int:
    """Returns of how many premises. Runs with system scope; a second run finds none."""
    over_it = Standing.objects.filter(premises_id=OuterRef("pk"))
    goes_on = over_it.filter(round__state__in=("planned", "open"))
    lately = over_it.filter(round__closed_on__gte=on - KEPT)
    is_old = Q(created_at__date__lt=on - KEPT) & ~Exists(lately)
    rows = Premises.objects.filter(~Exists(goes_on), Q(state__in=("closed", "moved")) | is_old)
    return rows.filter(
        Q(manager_sealed__isnull=False) | Q(phone_sealed__isnull=False) | ~Q(phone_mask="")
    ).update(**_NOTHING)
