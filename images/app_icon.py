"""The sign of the counter's page among the apps of a phone: the corners of a finder and a tick."""

import io
from functools import lru_cache

from PIL import ImageDraw

from .paint import fill, gradient, smooth
from .theme import WHITE, palette

#: Phones may cut the picture to any shape that holds the middle 80 %: nothing lies outside.
_SIDE = 100


@lru_cache(maxsize=8)
def draw_app_icon(accent: str, size: int) -> bytes:
    """A square PNG of `size` pixels in the shop's colour. ValueError unless it is "#RRGGBB"."""
    colours = palette(accent)
    picture = gradient((size, size), colours.back, colours.back_end)
    ink = WHITE if colours.on_back == WHITE else colours.on_back
    fill(picture, smooth((size, size), lambda pen, k: _sign(pen, size * k / _SIDE)), (0, 0), ink)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _sign(pen: ImageDraw.ImageDraw, unit: float) -> None:
    """The corners of a finder, and a tick between them: read, done."""
    width = round(6 * unit)
    for x, y, start in ((24, 24, 180), (76, 24, 270), (76, 76, 0), (24, 76, 90)):
        _corner(pen, x, y, start, unit, width)
    points = [(36, 51), (46, 61), (65, 41)]
    line = [(x * unit, y * unit) for x, y in points]
    pen.line(line, fill=255, width=width, joint="curve")
    for left, top in (line[0], line[-1]):
        box = (left - width / 2, top - width / 2, left + width / 2, top + width / 2)
        pen.ellipse(box, fill=255)


def _corner(
    pen: ImageDraw.ImageDraw, x: float, y: float, start: int, unit: float, width: int
) -> None:
    inward_x, inward_y = (1 if x < 50 else -1), (1 if y < 50 else -1)
    radius, arm = 9, 15
    centre_x, centre_y = x + inward_x * radius, y + inward_y * radius
    box = (centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius)
    pen.arc([side * unit for side in box], start, start + 90, fill=255, width=width)
    half = width / 2 / unit
    for ends in (
        (centre_x, y + inward_y * half, x + inward_x * arm, y + inward_y * half),
        (x + inward_x * half, centre_y, x + inward_x * half, y + inward_y * arm),
    ):
        pen.line([side * unit for side in ends], fill=255, width=width)
