"""A map without a vendor: siblings as dots in a frame, drawn here, read back from a click on it.

An `<input type="image">` sends where it was clicked, so a pin is placed without a script and
without asking anybody's telephone.
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


def draw(dots: Sequence[Dot], frame: Frame) -> str:
    """The picture as SVG: grey dots with names, the organisation's own place in red."""
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
            parts.append(f'<text x="{x + 8}" y="{y + 4}" fill="#1a1a1a">{escape(dot.name)}</text>')
    return "".join([*parts, "</svg>"])
