"""The badge shelf: what was earned, and the places of what can be."""

from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw

from .fonts import draw_line, draw_lines, fitted, wrapped
from .grounds import paper
from .look import Look
from .medal import Medal, medal
from .paint import field, fill, gradient, jpeg, rounded, shadow, stretched
from .theme import WHITE, Palette, mix

#: Less than LINE takes, since a telephone shows it at 350 points: what is written is read there.
WIDTH = 840
#: As many as are still seen in a chat.
BADGES_MAX = 12
_COLUMNS = 3
_TOP, _ROW, _FOOT = 104, 226, 12
_EDGE = 28
_CELL = (WIDTH - 2 * _EDGE) // _COLUMNS
_MEDAL = 116


@dataclass(frozen=True, slots=True)
class ShelfBadge:
    """A badge on the shelf."""

    medal: Medal
    name: str
    #: Below its name: when it was earned, or how far it is.
    note: str


@dataclass(frozen=True, slots=True)
class ShelfPicture:
    """The badges as finished strings."""

    title: str
    #: How many: "5 / 12".
    figure: str
    #: Those beyond `BADGES_MAX` are not drawn.
    badges: tuple[ShelfBadge, ...]


def shelf_size(count: int) -> tuple[int, int]:
    """Width and height in pixels of the shelf of so many badges."""
    rows = max(1, -(-min(count, BADGES_MAX) // _COLUMNS))
    return WIDTH, _TOP + rows * _ROW + _FOOT


def draw_shelf(shelf: ShelfPicture, look: Look) -> bytes:
    """A JPEG as large as `shelf_size` says, never higher than wide."""
    colours = look.colours
    badges = shelf.badges[:BADGES_MAX]
    size = shelf_size(len(badges))
    ground = mix(colours.ground, WHITE, share=0.25)
    picture = paper(size, look)
    draw = ImageDraw.Draw(picture)
    title = fitted(shelf.title, "bold", width=500, size=42, size_min=30)
    draw_line(draw, (_EDGE + 18, 68), title, colours.ink)
    figure = fitted(shelf.figure, "bold", width=240, size=42, size_min=30)
    draw_line(draw, (WIDTH - _EDGE - 18, 68), figure, colours.accent, align="r")
    for row in range(-(-len(badges) // _COLUMNS)):
        _board(picture, _TOP + row * _ROW + _MEDAL - 11, colours)
    for place, badge in enumerate(badges):
        row, column = divmod(place, _COLUMNS)
        at = (_EDGE + column * _CELL, _TOP + row * _ROW)
        _draw_one(picture, draw, badge, at, colours, ground)
    return jpeg(picture)


def _board(picture: Image.Image, y: int, colours: Palette) -> None:
    """The board that a row stands on."""
    width = WIDTH - 2 * _EDGE
    board = rounded(width, 16, 8)
    shadow(picture, board, (_EDGE, y + 6), blur=8, share=0.2)
    wood = gradient(
        board.size, mix(colours.back, WHITE, share=0.72), mix(colours.back, WHITE, share=0.56)
    )
    picture.paste(wood, (_EDGE, y), board)
    light = stretched(_edge(), (width, 16))
    fill(picture, Image.composite(light, Image.new("L", light.size, 0), board), (_EDGE, y), WHITE)


@cache
def _edge() -> Image.Image:
    """Light along the upper edge."""
    return field(lambda _x, v: 0.6 if v < 0.15 else 0.0)


def _draw_one(
    picture: Image.Image,
    draw: ImageDraw.ImageDraw,
    badge: ShelfBadge,
    at: tuple[int, int],
    colours: Palette,
    ground: str,
) -> None:
    x, y = at
    struck = medal(badge.medal, _MEDAL, ground, colours.accent)
    picture.paste(struck, (x + (_CELL - _MEDAL) // 2, y), struck)
    locked = badge.medal.state == "locked"
    middle = x + _CELL / 2
    name = wrapped(badge.name, "bold", width=_CELL - 12, size=30, size_min=26, lines_max=2)
    foot = y + _MEDAL + 38
    if len(name) == 1:
        foot += 4
    colour = colours.muted if locked else colours.ink
    last = draw_lines(draw, (middle, foot), name, colour, leading=1.15, align="m")
    note = fitted(badge.note, "regular", width=_CELL - 12, size=26, size_min=22)
    draw_line(draw, (middle, last + 31), note, colours.muted, align="m")
