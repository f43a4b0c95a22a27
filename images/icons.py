"""The icons of menus, cards and posters: shapes drawn four times too large and made smaller, so
that every edge is smooth (Pillow's own shapes are not). Each is a mask ("L") to be filled with one
colour.
"""

from collections.abc import Callable
from functools import lru_cache
from math import cos, pi, sin
from typing import Literal

from PIL import Image, ImageDraw

from .fonts import font

Icon = Literal[
    "card", "points", "rewards", "rank", "badges", "history", "earn", "profile", "help", "star",
    "lock", "check",
]  # fmt: skip

#: Icons are drawn on a grid of 100 × 100, this much larger than asked.
_OVERSIZE = 4
_Box = tuple[float, float, float, float]
_ON, _OFF = 255, 0


class _Pen:
    """Draws on the grid."""

    def __init__(self, side: int) -> None:
        self.image = Image.new("L", (side, side), _OFF)
        self._draw = ImageDraw.Draw(self.image)
        self._unit = side / 100

    def box(self, at: _Box, *, radius: float = 0, fill: int = _ON) -> None:
        self._draw.rounded_rectangle(self._scaled(at), radius * self._unit, fill=fill)

    def frame(self, at: _Box, *, radius: float, width: float = 6) -> None:
        self.box(at, radius=radius)
        left, top, right, bottom = at
        inner = (left + width, top + width, right - width, bottom - width)
        self.box(inner, radius=max(0, radius - width), fill=_OFF)

    def disc(self, x: float, y: float, radius: float, *, fill: int = _ON) -> None:
        box = self._scaled((x - radius, y - radius, x + radius, y + radius))
        self._draw.ellipse(box, fill=fill)

    def ring(self, x: float, y: float, radius: float, *, width: float = 6) -> None:
        self.disc(x, y, radius)
        self.disc(x, y, radius - width, fill=_OFF)

    def shape(self, *points: tuple[float, float], fill: int = _ON) -> None:
        self._draw.polygon([(x * self._unit, y * self._unit) for x, y in points], fill=fill)

    def stroke(self, *points: tuple[float, float], width: float = 6, fill: int = _ON) -> None:
        """A line through `points` with round joints and ends."""
        scaled = [(x * self._unit, y * self._unit) for x, y in points]
        self._draw.line(scaled, fill=fill, width=round(width * self._unit), joint="curve")
        for x, y in points:
            self.disc(x, y, width / 2, fill=fill)

    def letter(self, letter: str, x: float, y: float, *, size: float, fill: int = _ON) -> None:
        """A letter whose middle is at (x, y)."""
        face = font("bold", round(size * self._unit))
        left, top, right, bottom = face.getbbox(letter)
        place = (x * self._unit - (left + right) / 2, y * self._unit - (top + bottom) / 2)
        self._draw.text(place, letter, font=face, fill=fill)

    def _scaled(self, at: _Box) -> _Box:
        left, top, right, bottom = (value * self._unit for value in at)
        return left, top, right, bottom


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """A star of five points, one of them up."""
    return [
        (x + reach * sin(k * pi / 5), y - reach * cos(k * pi / 5))
        for k in range(10)
        for reach in (radius if k % 2 == 0 else radius * 0.45,)
    ]


def _card(pen: _Pen) -> None:
    pen.frame((6, 20, 94, 80), radius=11)
    pen.box((6, 34, 94, 45))
    pen.box((18, 58, 46, 65), radius=3.5)
    pen.box((66, 55, 82, 68), radius=3)


def _points(pen: _Pen) -> None:
    pen.ring(50, 50, 43)
    pen.letter("P", 51, 50, size=54)


def _rewards(pen: _Pen) -> None:
    pen.frame((12, 50, 88, 92), radius=7)
    pen.frame((6, 32, 94, 54), radius=6)
    pen.box((47, 32, 53, 92))
    for side in (-1, 1):
        pen.stroke(
            (50, 33), (50 + side * 10, 13), (50 + side * 23, 10), (50 + side * 27, 21),
            (50 + side * 18, 31), (50, 33),
        )  # fmt: skip


def _rank(pen: _Pen) -> None:
    pen.stroke((12, 70), (8, 30), (31, 48), (50, 16), (69, 48), (92, 30), (88, 70), (12, 70))
    pen.box((10, 80, 90, 87), radius=3.5)
    for x, y in ((8, 28), (50, 14), (92, 28)):
        pen.disc(x, y, 6)


def _badges(pen: _Pen) -> None:
    pen.shape((30, 56), (20, 96), (38, 88), (49, 98), (50, 70))
    pen.shape((70, 56), (80, 96), (62, 88), (51, 98), (50, 70))
    pen.disc(50, 38, 38, fill=_OFF)
    pen.ring(50, 38, 34)
    pen.shape(*_star(50, 38.5, 20))


def _history(pen: _Pen) -> None:
    pen.frame((10, 16, 90, 92), radius=11)
    pen.box((10, 30, 90, 42), radius=2)
    for x in (32, 68):
        pen.stroke((x, 10), (x, 24), width=7)
    pen.stroke((34, 66), (46, 77), (68, 56), width=7)


def _earn(pen: _Pen) -> None:
    pen.ring(50, 50, 43)
    pen.stroke((50, 30), (50, 70), width=7)
    pen.stroke((30, 50), (70, 50), width=7)


def _profile(pen: _Pen) -> None:
    pen.ring(50, 28, 20)
    pen.frame((12, 56, 88, 130), radius=37)
    pen.box((0, 92, 100, 100), fill=_OFF)
    pen.box((12, 86, 88, 92), radius=3)


def _help(pen: _Pen) -> None:
    pen.frame((6, 10, 94, 76), radius=16)
    pen.shape((26, 70), (26, 94), (52, 72))
    for x in (30, 50, 70):
        pen.disc(x, 43, 5.5)


def _star_alone(pen: _Pen) -> None:
    pen.shape(*_star(50, 53, 48))


def _lock(pen: _Pen) -> None:
    pen.ring(50, 38, 26, width=9)
    pen.box((24, 38, 76, 46), fill=_OFF)
    pen.box((24, 36, 33, 50))
    pen.box((67, 36, 76, 50))
    pen.box((14, 46, 86, 94), radius=10)
    pen.disc(50, 66, 7, fill=_OFF)
    pen.box((46.5, 66, 53.5, 80), radius=3, fill=_OFF)


def _check(pen: _Pen) -> None:
    pen.stroke((14, 54), (39, 78), (86, 24), width=13)


_DRAWN: dict[Icon, Callable[[_Pen], None]] = {
    "card": _card,
    "points": _points,
    "rewards": _rewards,
    "rank": _rank,
    "badges": _badges,
    "history": _history,
    "earn": _earn,
    "profile": _profile,
    "help": _help,
    "star": _star_alone,
    "lock": _lock,
    "check": _check,
}


@lru_cache(maxsize=64)
def icon(name: Icon, side: int) -> Image.Image:
    """The mask of an icon, `side` pixels square."""
    pen = _Pen(side * _OVERSIZE)
    _DRAWN[name](pen)
    return pen.image.resize((side, side), Image.Resampling.LANCZOS)
