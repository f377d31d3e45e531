"""The demo's hotline: rotas of the county, the county town and its community, and missed calls."""

from typing import Final

from guiyan.access.queries import account_id_of_login
from guiyan.kernel.invented import invented_phone
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import ServicePointFacts
from guiyan.outreach.hotline import commands as hotline
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped
from guiyan.web.demo import cast

# By name of the place in the cast: days, from, to, who; the town's Friday afternoon is a gap on purpose.
_ROTAS: Final = (
    ("MEIGU", (0, 1, 2, 3, 4, 5, 6), "08:00", "20:00", "县值班员小沙"),
    ("MEIGU", (0, 1, 2, 3, 4, 5, 6), "20:00", "08:00", "县委组织部值班室"),
    ("BAPU", (0, 1, 2, 3, 4), "08:30", "12:00", "巴普镇党建办"),
    ("BAPU", (0, 1, 2, 3), "14:30", "18:00", "巴普镇党建办"),
    ("BAPU_EAST", (0, 1, 2, 3, 4), "08:30", "18:00", "城东社区值班员"),
)
_MISSED: Final = (720_100_001, 720_100_002, 720_100_001)  # one of them called twice


def tell(by: Actor) -> None:
    """Who answers where, and who is to be called back."""
    with scoped(by.scope):
        for place, days, starts, ends, shown_as in _ROTAS:
            is_operator = shown_as == _ROTAS[0][4]
            hotline.add_shift(
                by=by,
                point_id=_line(getattr(cast, place)).id,
                weekdays=list(days),
                starts=starts,
                ends=ends,
                shown_as=shown_as,
                account_id=account_id_of_login("hotline_operator") if is_operator else None,
            )
        for serial in _MISSED:
            number = invented_phone(serial)
            hotline.note_missed(by=by, point_id=_line(cast.MEIGU).id, number=number)


def _line(code: str) -> ServicePointFacts:
    organisation = orgs.organisation_by_code(code)
    points = orgs.service_points_of(organisation.id)
    return next(point for point in points if point.kind == "hotline")
