"""The month of a member's visits, as a card that is stamped, and the rhythm of their weeks."""

from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw

from .fonts import draw_line, fitted, line
from .grounds import paper
from .look import Look
from .paint import disc, faint, fill, gradient, jpeg, rounded, shadow
from .theme import WHITE, mix

WIDTH = 1024
DAYS = 7
_EDGE = 40
_COLUMN = (WIDTH - 2 * _EDGE) // DAYS
_TOP, _ROW = 216, 100
_RHYTHM, _BAR_MAX = 186, 70
_STAMP = 84


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One place of the month's grid."""

    #: Empty for a place outside the month.
    number: str
    visits: int = 0
    #: A day that is still to come, or on which the shop is shut, steps back.
    state: Literal["past", "today", "future", "closed"] = "past"
    #: Something more is to be had on it.
    extra: bool = False


@dataclass(frozen=True, slots=True)
class CalendarPicture:
    """A month of visits as finished strings."""

    title: str
    figure: str
    figure_caption: str
    #: Seven, in the order of the weeks' days.
    weekdays: tuple[str, ...]
    #: Rows of seven days.
    weeks: tuple[tuple[CalendarDay, ...], ...]
    #: For each weekday how much of the coming falls on it (0..1, 1 the most).
    rhythm: tuple[float, ...] = ()
    #: What the rhythm means; without a note none is drawn.
    rhythm_note: str = ""
    #: What the days are called on which something more is to be had; empty for nothing.
    extras: str = ""


def calendar_size(weeks: int, *, rhythm: bool) -> tuple[int, int]:
    """Width and height in pixels of a month of so many weeks."""
    return WIDTH, _TOP + weeks * _ROW + (_RHYTHM if rhythm else 24)


def draw_calendar(month: CalendarPicture, look: Look) -> bytes:
    """A JPEG as large as `calendar_size` says, never higher than wide."""
    picture = paper(calendar_size(len(month.weeks), rhythm=bool(month.rhythm_note)), look)
    put_calendar(picture, month, look)
    if month.rhythm_note:
        _draw_rhythm(picture, month, look, top=_TOP + len(month.weeks) * _ROW + 26)
    return jpeg(picture)


def put_calendar(picture: Image.Image, month: CalendarPicture, look: Look) -> None:
    """The month and its days on top of a picture as wide as a calendar."""
    colours = look.colours
    draw = ImageDraw.Draw(picture)
    title = fitted(month.title, "bold", width=560, size=52, size_min=30)
    draw_line(draw, (_EDGE + 18, 74 if month.extras else 104), title, colours.ink)
    if month.extras:
        _draw_extra(picture, (_EDGE + 30, 112), look)
        extras = fitted(month.extras, "regular", width=540, size=28, size_min=18)
        draw_line(draw, (_EDGE + 52, 122), extras, colours.ink)
    caption = fitted(month.figure_caption, "regular", width=220, size=30, size_min=20)
    right = WIDTH - _EDGE - 18
    draw_line(draw, (right, 104), caption, colours.muted, align="r")
    figure = line(month.figure, "bold", 84)
    draw_line(draw, (right - caption.width - 14, 106), figure, colours.accent, align="r")
    sheet = rounded(WIDTH - 2 * _EDGE, len(month.weeks) * _ROW + 72, 28)
    shadow(picture, sheet, (_EDGE, _TOP - 68), blur=12, share=0.1)
    fill(picture, sheet, (_EDGE, _TOP - 74), WHITE)
    for column, name in enumerate(month.weekdays):
        weekday = fitted(name, "bold", width=_COLUMN - 8, size=26, size_min=18)
        draw_line(draw, (_middle(column), _TOP - 28), weekday, colours.muted, align="m")
    for row, week in enumerate(month.weeks):
        for column, day in enumerate(week):
            at = (_middle(column), _TOP + row * _ROW + _ROW // 2 - 6)
            _draw_day(picture, draw, day, at, look)


def _middle(column: int) -> int:
    return _EDGE + column * _COLUMN + _COLUMN // 2 + (WIDTH - 2 * _EDGE - DAYS * _COLUMN) // 2


def _draw_day(
    picture: Image.Image,
    draw: ImageDraw.ImageDraw,
    day: CalendarDay,
    at: tuple[int, int],
    look: Look,
) -> None:
    if not day.number:
        return
    colours = look.colours
    x, y = at
    corner = (x - _STAMP // 2, y - _STAMP // 2)
    ink = colours.ink
    if day.visits:
        stamp = gradient(
            (_STAMP, _STAMP), mix(colours.back, WHITE, share=0.12), colours.back, angle=60
        )
        picture.paste(stamp, corner, disc(_STAMP))
        inner = disc(_STAMP - 12).copy()
        inner.paste(0, (2, 2), disc(_STAMP - 16))
        fill(picture, faint(inner, 0.6), (corner[0] + 6, corner[1] + 6), colours.on_back)
        ink = colours.on_back
    elif day.state == "today":
        ring = disc(_STAMP).copy()
        ring.paste(0, (4, 4), disc(_STAMP - 8))
        fill(picture, ring, corner, colours.accent)
    elif day.state in ("future", "closed"):
        ink = mix(colours.muted, WHITE, share=0.45)
    number = line(day.number, "bold" if day.visits else "regular", 36)
    draw_line(draw, (x, y + 13), number, ink, align="m")
    if day.extra:
        _draw_extra(picture, (x - 34, y - 32), look)
    if day.state == "closed" and not day.visits:
        fill(picture, rounded(26, 4, 2), (x - 13, y + 28), colours.line)
    if day.visits > 1:
        fill(picture, disc(38), (x + 18, y - 48), WHITE)
        fill(picture, disc(32), (x + 21, y - 45), colours.accent)
        draw_line(draw, (x + 37, y - 20), line(str(day.visits), "bold", 24), WHITE, align="m")


def _draw_extra(picture: Image.Image, at: tuple[int, int], look: Look) -> None:
    """The mark of a day on which something more is to be had, around that place."""
    x, y = at
    fill(picture, disc(26), (x - 13, y - 13), WHITE)
    fill(picture, disc(18), (x - 9, y - 9), look.colours.accent)


def _draw_rhythm(picture: Image.Image, month: CalendarPicture, look: Look, *, top: int) -> None:
    """A bar for each weekday below its column, and what they say."""
    colours, draw = look.colours, ImageDraw.Draw(picture)
    foot = top + _BAR_MAX + 10
    for column, share in enumerate(month.rhythm):
        height = max(8, round(_BAR_MAX * share))
        strong = share > 0.99
        bar = rounded(52, height, min(10, height // 2))
        colour = colours.back if strong else mix(colours.back, WHITE, share=0.62)
        fill(picture, bar, (_middle(column) - 26, foot - height), colour)
    note = fitted(month.rhythm_note, "bold", width=WIDTH - 2 * _EDGE - 40, size=32, size_min=22)
    draw_line(draw, (WIDTH / 2, foot + 56), note, colours.ink, align="m")
