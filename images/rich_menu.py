"""The picture of a rich menu: six tiles under the chat, the first in the rank's metal."""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from .fonts import draw_line, fitted
from .grounds import metal_ground
from .icons import Icon, icon
from .look import Look
from .paint import disc, faint, fill, gradient, jpeg, pattern, rounded, shadow
from .theme import WHITE, metal, mix

#: LINE's largest menu; a phone shows it about a sixth as large.
WIDTH, HEIGHT = 2500, 1686
COLUMNS, ROWS = 3, 2
#: LINE takes no larger picture (Messaging API reference, "Requirements for rich menu image").
BYTES_MAX = 1_000_000
_EDGE, _GAP, _RADIUS = 52, 36, 64
_TILE_WIDTH = (WIDTH - 2 * _EDGE - (COLUMNS - 1) * _GAP) // COLUMNS
_TILE_HEIGHT = (HEIGHT - 2 * _EDGE - (ROWS - 1) * _GAP) // ROWS
_ICON, _DISC = 216, 370
_STAR = 56


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the menu's buttons."""

    icon: Icon
    #: The big word.
    title: str
    #: The small one under it; may be empty.
    caption: str


@dataclass(frozen=True, slots=True)
class MenuPicture:
    """A menu as finished strings."""

    #: Six; the first is in the rank's colours.
    tiles: tuple[Tile, ...]
    #: The rank's two, "#RRGGBB"; None: without a rank the first is of the shop's own colour.
    colours: tuple[str, str] | None = None
    #: How many steps were climbed, with a star for each.
    tier: int = 0
    tiers: int = 0


@dataclass(frozen=True, slots=True)
class Area:
    """Where a tap counts, in pixels of the picture."""

    #: From the left.
    x: int
    #: From the top.
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


def draw_rich_menu(menu: MenuPicture, look: Look) -> bytes:
    """A JPEG of 2,500 × 1,686 pixels and at most 1 MB. ValueError unless there are six tiles."""
    return jpeg(_painted(menu, look), quality=86)


def menu_preview(menu: MenuPicture, look: Look) -> bytes:
    """The same small, for a screen: a JPEG a third as wide."""
    size = (WIDTH // 3, HEIGHT // 3)
    return jpeg(_painted(menu, look).resize(size, reducing_gap=2.0), quality=80)


def _painted(menu: MenuPicture, look: Look) -> Image.Image:
    if len(menu.tiles) != COLUMNS * ROWS:
        raise ValueError(f"the menu has {COLUMNS * ROWS} tiles, not {len(menu.tiles)}")
    picture = _all_but_first(menu.tiles[1:], look).copy()
    _draw_first(picture, menu.tiles[0], _place(0), menu, look)
    return picture


@lru_cache(maxsize=1)
def _all_but_first(tiles: tuple[Tile, ...], look: Look) -> Image.Image:
    """What the menus of all ranks have in common; they are drawn one after the other."""
    colours, size = look.colours, (WIDTH, HEIGHT)
    picture = gradient(size, colours.ground, mix(colours.ground, colours.line, share=0.5), angle=70)
    weave = pattern(size, look.texture, scale=104)
    picture.paste(colours.accent, (0, 0), faint(weave, 0.06))
    back = rounded(_TILE_WIDTH, _TILE_HEIGHT, _RADIUS)
    for place, tile in enumerate((None, *tiles)):
        x, y = _place(place)
        shadow(picture, back, (x, y + 10), blur=16, share=0.13)
        if tile is not None:
            _draw_tile(picture, tile, (x, y), look)
    return picture


def _place(place: int) -> tuple[int, int]:
    """The top left corner of a tile."""
    row, column = divmod(place, COLUMNS)
    return _EDGE + column * (_TILE_WIDTH + _GAP), _EDGE + row * (_TILE_HEIGHT + _GAP)


def _draw_first(
    picture: Image.Image, tile: Tile, at: tuple[int, int], menu: MenuPicture, look: Look
) -> None:
    colours = look.colours
    ground = metal(*(menu.colours or (colours.back, colours.back_end)))
    size = (_TILE_WIDTH, _TILE_HEIGHT)
    sheet = metal_ground(size, ground, look.texture)
    picture.paste(sheet, at, rounded(*size, _RADIUS))
    middle = at[0] + _TILE_WIDTH // 2
    # The stars need room: what is above them moves up.
    count = menu.tiers if menu.colours else 0
    top = at[1] - (34 if count else 0)
    _sign(picture, tile.icon, (middle, top + 76), ground.ink, disc_colour=None)
    _words(picture, tile, (middle, top), ground.ink, ground.ink_soft)
    for place in range(count):
        left = middle - (count * (_STAR + 14) - 14) // 2 + place * (_STAR + 14)
        star = icon("star", _STAR)
        mask = star if place < menu.tier else faint(star, 0.22)
        fill(picture, mask, (left, at[1] + _TILE_HEIGHT - 92), ground.ink)


def _draw_tile(picture: Image.Image, tile: Tile, at: tuple[int, int], look: Look) -> None:
    colours = look.colours
    fill(picture, rounded(_TILE_WIDTH, _TILE_HEIGHT, _RADIUS), at, WHITE)
    middle = at[0] + _TILE_WIDTH // 2
    _sign(picture, tile.icon, (middle, at[1] + 76), colours.accent, disc_colour=colours.soft)
    _words(picture, tile, (middle, at[1]), colours.ink, colours.muted)


def _sign(
    picture: Image.Image, name: Icon, at: tuple[int, int], colour: str, *, disc_colour: str | None
) -> None:
    """The icon on its disc, whose top is at `at`."""
    x, y = at
    back = disc(_DISC)
    if disc_colour is None:
        fill(picture, faint(back, 0.12), (x - _DISC // 2, y), colour)
    else:
        fill(picture, back, (x - _DISC // 2, y), disc_colour)
    fill(picture, icon(name, _ICON), (x - _ICON // 2, y + (_DISC - _ICON) // 2), colour)


def _words(picture: Image.Image, tile: Tile, at: tuple[int, int], ink: str, soft: str) -> None:
    draw, (middle, y) = ImageDraw.Draw(picture), at
    room = _TILE_WIDTH - 70
    title = fitted(tile.title, "bold", width=room, size=112, size_min=64)
    lower = 0 if tile.caption else 30
    draw_line(draw, (middle, y + 590 + lower), title, ink, align="m")
    caption = fitted(tile.caption, "regular", width=room, size=60, size_min=44)
    draw_line(draw, (middle, y + 688), caption, soft, align="m")
