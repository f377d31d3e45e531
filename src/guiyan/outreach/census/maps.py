"""A map of a round drawn by the server: bodies and villages where they have pins, no foreign tiles.

Each dot is a place with what is left there in words beside it; a darker dot has more left. The same
stands beside it as a table, for who does not see it and for places without a pin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians, sqrt

WIDTH, HEIGHT, MARGIN = 640, 400, 46
_LEAST_SPAN = 0.02  # degrees; one place is not magnified without end
_LABELS = 30
_LABEL_WIDE, _LABEL_HIGH = 190, 15


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map: how many premises it has, how many are left."""

    name: str
    longitude: float
    latitude: float
    total: int
    left: int


def draw(spots: Sequence[Spot], *, words_left: str, title: str) -> str:
    """The SVG; `words_left` is a sentence with %(n)s for what is left, `title` says what it shows."""
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f4f6f5" stroke="#9aa5a0"/>',
    ]
    if spots:
        west, east = min(s.longitude for s in spots), max(s.longitude for s in spots)
        south, north = min(s.latitude for s in spots), max(s.latitude for s in spots)
        narrowing = cos(radians((south + north) / 2))
        wide = max((east - west) * narrowing, _LEAST_SPAN)
        high = max(north - south, _LEAST_SPAN)
        scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
        most = max(spot.total for spot in spots) or 1
        for spot in sorted(spots, key=lambda one: -one.total):
            x = round(MARGIN + (spot.longitude - west) * narrowing * scale, 1)
            y = round(MARGIN + (north - spot.latitude) * scale, 1)
            parts.append(_dot(spot, x, y, 4 + 12 * sqrt(spot.total / most)))
        if len(spots) <= _LABELS:
            # Where two would lie over each other the second is left to the table.
            free: list[tuple[float, float]] = []
            for spot in spots:
                x = round(MARGIN + (spot.longitude - west) * narrowing * scale, 1)
                y = round(MARGIN + (north - spot.latitude) * scale, 1)
                if all(abs(x - at) > _LABEL_WIDE or abs(y - up) > _LABEL_HIGH for at, up in free):
                    parts.append(_label(spot, x, y, words_left % {"n": spot.left}))
                    free.append((x, y))
    return "".join([*parts, "</svg>"])


def _dot(spot: Spot, x: float, y: float, radius: float) -> str:
    share = spot.left / spot.total if spot.total else 0
    colour = "#1b6b34" if spot.left == 0 else f"#{int(90 + 89 * share):02x}5a26"
    opacity = 0.35 + 0.5 * share
    return (
        f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="{colour}"'
        f' fill-opacity="{opacity:.2f}" stroke="{colour}"/>'
    )


def _label(spot: Spot, x: float, y: float, left: str) -> str:
    is_far = x > WIDTH * 2 / 3
    anchor = ' text-anchor="end"' if is_far else ""
    beside = x - 12 if is_far else x + 12
    return f'<text x="{beside}" y="{y + 4}" fill="#1a1a1a"{anchor}>{escape(spot.name)} {escape(left)}</text>'
