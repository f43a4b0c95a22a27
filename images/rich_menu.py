"""The picture of the rich menu: six tiles under the chat, the first in the shop's colour."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from .fonts import fitted
from .icons import Icon, icon, rounded
from .theme import Palette

#: LINE's largest menu; a phone shows it about a sixth as large.
WIDTH, HEIGHT = 2500, 1686
COLUMNS, ROWS = 3, 2
#: LINE takes no larger picture (Messaging API reference, "Requirements for rich menu image").
BYTES_MAX = 1_000_000
_EDGE, _GAP, _RADIUS = 56, 40, 64
_TILE_WIDTH = (WIDTH - 2 * _EDGE - (COLUMNS - 1) * _GAP) // COLUMNS
_TILE_HEIGHT = (HEIGHT - 2 * _EDGE - (ROWS - 1) * _GAP) // ROWS
_ICON, _DISC = 216, 360


@dataclass(frozen=True, slots=True)
class Tile:
    """`title` is the big word, `caption` the small one under it."""

    icon: Icon
    title: str
    caption: str


@dataclass(frozen=True, slots=True)
class Area:
    """Where a tap counts, in pixels of the picture."""

    x: int
    y: int
    width: int
    height: int


def areas(count: int) -> list[Area]:
    """What `count` tiles are tapped by, row by row. They leave no gap between each other."""
    lefts = [WIDTH * column // COLUMNS for column in range(COLUMNS + 1)]
    tops = [HEIGHT * row // ROWS for row in range(ROWS + 1)]
    places = [divmod(place, COLUMNS) for place in range(count)]
    return [
        Area(lefts[c], tops[r], lefts[c + 1] - lefts[c], tops[r + 1] - tops[r]) for r, c in places
    ]


def draw_rich_menu(tiles: list[Tile], colours: Palette) -> bytes:
    """A PNG of 2,500 × 1,686 pixels and at most 1 MB. ValueError unless there are six tiles."""
    if len(tiles) != COLUMNS * ROWS:
        raise ValueError(f"the menu has {COLUMNS * ROWS} tiles, not {len(tiles)}")
    picture = Image.new("RGB", (WIDTH, HEIGHT), colours.ground)
    for place, tile in enumerate(tiles):
        row, column = divmod(place, COLUMNS)
        x = _EDGE + column * (_TILE_WIDTH + _GAP)
        y = _EDGE + row * (_TILE_HEIGHT + _GAP)
        _draw_tile(picture, tile, (x, y), colours, first=place == 0)
    return _png(picture)


def _draw_tile(
    picture: Image.Image, tile: Tile, at: tuple[int, int], colours: Palette, *, first: bool
) -> None:
    x, y = at
    middle = x + _TILE_WIDTH // 2
    back, disc, sign, title, caption = (
        (colours.back, colours.back_disc, colours.on_back, colours.on_back, colours.on_back_soft)
        if first
        else (colours.paper, colours.soft, colours.accent, colours.ink, colours.muted)
    )
    _draw_back(picture, at, back, edge=back if first else colours.line)
    _fill(picture, rounded(_DISC, _DISC, _DISC // 2), (middle - _DISC // 2, y + 84), disc)
    inset = (_DISC - _ICON) // 2
    _fill(picture, icon(tile.icon, _ICON), (middle - _ICON // 2, y + 84 + inset), sign)
    draw = ImageDraw.Draw(picture)
    room = _TILE_WIDTH - 80
    text, face = fitted(tile.title, "bold", width=room, size=104, size_min=64)
    draw.text((middle, y + 588), text, font=face, fill=title, anchor="ms")
    text, face = fitted(tile.caption, "regular", width=room, size=58, size_min=44)
    draw.text((middle, y + 682), text, font=face, fill=caption, anchor="ms")


def _draw_back(picture: Image.Image, at: tuple[int, int], colour: str, *, edge: str) -> None:
    """The tile itself, with a hairline of `edge` around it."""
    x, y = at
    _fill(picture, rounded(_TILE_WIDTH, _TILE_HEIGHT, _RADIUS), at, edge)
    inner = rounded(_TILE_WIDTH - 6, _TILE_HEIGHT - 6, _RADIUS - 3)
    _fill(picture, inner, (x + 3, y + 3), colour)


def _fill(picture: Image.Image, mask: Image.Image, at: tuple[int, int], colour: str) -> None:
    picture.paste(Image.new("RGB", mask.size, colour), at, mask)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    # Flat colours: 128 of them hold every smooth edge, in a fraction of the size.
    picture.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
