"""A member's month that is over: its stamped days, and below them what they brought."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from .calendar import WIDTH, CalendarPicture, calendar_size, put_calendar
from .fonts import draw_line, fitted
from .grounds import paper
from .look import Look
from .medal import Medal, medal
from .paint import faint, gradient, jpeg, pattern, rounded

#: So many new badges are shown; who earned more has them on the shelf.
MEDALS_MAX = 3
_FOOT, _EDGE = 184, 40
_SIDE = 118


@dataclass(frozen=True, slots=True)
class RecapPicture:
    """A month that is over, as finished strings."""

    month: CalendarPicture
    thanks: str
    shop: str
    #: What was earned, and what that is called; empty for nothing.
    points: str = ""
    points_name: str = ""
    #: The badges earned in it.
    medals: tuple[Medal, ...] = ()


def recap_size(weeks: int) -> tuple[int, int]:
    """Width and height in pixels of a month of so many weeks; never higher than wide."""
    width, height = calendar_size(weeks, rhythm=False)
    return width, height + _FOOT


def draw_recap(recap: RecapPicture, look: Look) -> bytes:
    """A JPEG as large as `recap_size` says."""
    size = recap_size(len(recap.month.weeks))
    picture = paper(size, look)
    put_calendar(picture, recap.month, look)
    _foot(picture, recap, look, top=size[1] - _FOOT)
    return jpeg(picture)


def _foot(picture: Image.Image, recap: RecapPicture, look: Look, *, top: int) -> None:
    """Thanks on the left, what the month brought on the right, on the shop's own colour."""
    colours, draw = look.colours, ImageDraw.Draw(picture)
    width, height = WIDTH - 2 * _EDGE, _FOOT - 28
    band = gradient((width, height), colours.back, colours.back_end, angle=80)
    band.paste(colours.on_back, (0, 0), faint(pattern(band.size, look.texture, scale=46), 0.1))
    picture.paste(band, (_EDGE, top), rounded(width, height, 28))
    right = WIDTH - _EDGE - 30
    for each in reversed(recap.medals[:MEDALS_MAX]):
        right -= _SIDE
        struck = medal(each, _SIDE, colours.back, look.accent)
        picture.paste(struck, (right, top + (height - _SIDE) // 2), struck)
        right -= 8
    if recap.points:
        right -= 14 if recap.medals else 0
        figure = fitted(recap.points, "bold", width=260, size=66, size_min=30)
        draw_line(draw, (right, top + 84), figure, colours.on_back, align="r")
        name = fitted(recap.points_name, "regular", width=260, size=28, size_min=18)
        draw_line(draw, (right, top + 124), name, colours.on_back, align="r")
        right -= round(max(figure.width, name.width)) + 30
    left = _EDGE + 34
    thanks = fitted(recap.thanks, "bold", width=right - left, size=44, size_min=20)
    draw_line(draw, (left, top + 76), thanks, colours.on_back)
    shop = fitted(recap.shop, "regular", width=right - left, size=30, size_min=18)
    draw_line(draw, (left, top + 122), shop, colours.on_back)
