"""A map without a vendor: siblings as dots in a frame, drawn here, read back from a click on it.

A linked image with `ismap` sends where it was clicked (`?300,225`), so a pin is chosen without a
script and without asking anybody's telephone. The picture is shown in its own size, because the
browser counts the pixels that it shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 600, 450  # pixels
_MARGIN = 0.15  # of the siblings' extent, so that a new place may lie outside of them
_LEAST = 0.05  # degrees: one sibling alone still gets a frame of some kilometres
_LABELS = 40  # more names than that would hide the map


@dataclass(frozen=True, slots=True)
class Dot:
    """An organisation on the map."""

    name: str
    longitude: float
    latitude: float
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What part of the earth the picture shows, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def point(self, x: int, y: int) -> tuple[float, float]:
        """Longitude and latitude under a pixel, to five places (about a metre)."""
        x, y = min(max(x, 0), WIDTH), min(max(y, 0), HEIGHT)
        longitude = self.west + x / WIDTH * (self.east - self.west)
        latitude = self.north - y / HEIGHT * (self.north - self.south)
        return round(longitude, 5), round(latitude, 5)

    def pixel(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a place lies in the picture."""
        x = (longitude - self.west) / (self.east - self.west) * WIDTH
        y = (self.north - latitude) / (self.north - self.south) * HEIGHT
        return round(x, 1), round(y, 1)


def frame_around(dots: Sequence[Dot]) -> Frame | None:
    """The frame that holds all dots with a margin; None when there is nothing to go by."""
    if not dots:
        return None
    west, east = min(dot.longitude for dot in dots), max(dot.longitude for dot in dots)
    south, north = min(dot.latitude for dot in dots), max(dot.latitude for dot in dots)
    wide = max((east - west) * _MARGIN, _LEAST)
    high = max((north - south) * _MARGIN, _LEAST)
    return Frame(west - wide, south - high, east + wide, north + high)


def clicked(query: str) -> tuple[int, int] | None:
    """The pixel in a query like “300,225”; None for anything else, and for 0,0, which a browser
    sends when the link was followed by keyboard."""
    x, comma, y = query.partition(",")
    if not (comma and x.isdecimal() and y.isdecimal()):
        return None
    pixel = min(int(x[:5]), WIDTH), min(int(y[:5]), HEIGHT)
    return pixel if any(pixel) else None


def _label(x: float, y: float, name: str) -> str:
    """The name beside its dot, on the side where there is room."""
    is_left = x > WIDTH * 2 / 3
    anchor = ' text-anchor="end"' if is_left else ""
    beside = x - 9 if is_left else x + 9
    return f'<text x="{beside}" y="{y + 4}" fill="#1a1a1a"{anchor}>{escape(name)}</text>'


def draw(dots: Sequence[Dot], frame: Frame, chosen: tuple[float, float] | None = None) -> str:
    """The picture as SVG: grey dots with names, the organisation's own place in red, and a blue
    ring about the place that was clicked."""
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f4f6f5" stroke="#9aa5a0"/>',
    ]
    for dot in dots:
        x, y = frame.pixel(dot.longitude, dot.latitude)
        colour, radius = ("#b3261e", 7) if dot.is_own else ("#4c5a54", 4)
        parts.append(f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"/>')
        if len(dots) <= _LABELS or dot.is_own:
            parts.append(_label(x, y, dot.name))
    if chosen:
        x, y = frame.pixel(*chosen)
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="9" fill="none" stroke="#1d5fb8" stroke-width="3"/>'
        )
    return "".join([*parts, "</svg>"])
