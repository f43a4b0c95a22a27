"""The picture of a member's card: the QR that staff scan, whose it is, and how far they are."""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from .barcode import Barcode, bars
from .card_qr import CARD_MODULES, card_qr
from .fonts import draw_line, draw_lines, fitted, whole_name, wrapped
from .grounds import metal_ground, put_logo
from .icons import icon
from .look import Look, scaled
from .paint import Size, faint, fill, jpeg, rounded, shadow
from .theme import BLACK, WHITE, Metal, Splendour, metal, splendour

#: 3:2, as messages show it; no larger than LINE allows in a Flex message.
WIDTH, HEIGHT = 1024, 682
_MODULE = 11
#: The white around the QR's own margin, so that the tile's round corners don't cut into it.
_PADDING, _RADIUS = 9, 30
_TILE = CARD_MODULES * _MODULE + 2 * _PADDING
_TILE_AT = (WIDTH - _TILE - 32, 32)
_LEFT = 46
_ROOM = _TILE_AT[0] - _LEFT - 30
_BAR_AT, _BAR_HEIGHT = HEIGHT - 54, 14
_STAR = 32
#: The white strip at the foot with a barcode, of eight pixels to a module: shown as wide as a
#: telephone it is read where a QR isn't.
_STRIP, _BARS, _BAR_MODULE = 178, 112, 8


@dataclass(frozen=True, slots=True)
class CardPicture:
    """A card as finished strings; any but `code` may be empty."""

    shop: str
    name: str
    #: As it is to be read.
    number: str
    #: Goes into the QR.
    code: str
    caption: str
    points: str
    points_name: str
    rank: str
    #: The rank's two, "#RRGGBB".
    colours: tuple[str, str]
    #: The rank's place on the ladder; 0 without a rank.
    tier: int = 0
    tiers: int = 0
    step: str = ""
    #: How far the next rank is gone (0..1); None without a bar.
    progress: float | None = None
    #: Below all of it.
    barcode: Barcode | None = None


def card_size(card: CardPicture) -> Size:
    """How large the card's picture is: with a barcode it is higher."""
    return WIDTH, HEIGHT + (_STRIP if card.barcode else 0)


def draw_card(card: CardPicture, look: Look) -> bytes:
    """A JPEG of 1,024 × 682 pixels: the rank's metal, and the QR in black on a white tile. With a
    barcode it is 178 pixels higher.

    The QR's modules are 11 pixels and its margin is white for 4 of them on every side, so that it
    is read from a dim or cracked screen and after LINE has compressed the picture.
    """
    ground = metal(*card.colours)
    worth = splendour(card.tier, card.tiers) if card.tier else "plain"
    picture = _template(ground, look, worth).copy()
    draw = ImageDraw.Draw(picture)
    at = _TILE_AT[0] + _PADDING, _TILE_AT[1] + _PADDING
    picture.paste(card_qr(card.code, module=_MODULE), at)
    _write_number(draw, card, ground)
    if look.logo is None:
        shop = wrapped(card.shop, "bold", width=_ROOM, size=36, size_min=28, lines_max=2)
        draw_lines(draw, (_LEFT, 84), shop, ground.ink, leading=1.25)
    _write_member(picture, draw, card, ground)
    _write_step(picture, draw, card, ground)
    return jpeg(_with_barcode(picture, card.barcode) if card.barcode else picture)


def _with_barcode(face: Image.Image, barcode: Barcode) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT + _STRIP), WHITE)
    picture.paste(face, (0, 0))
    drawn = bars(barcode, module=_BAR_MODULE, height=_BARS)
    picture.paste(drawn, ((WIDTH - drawn.width) // 2, HEIGHT + 16))
    digits = fitted(barcode.readable, "regular", width=drawn.width, size=30, size_min=20)
    draw_line(ImageDraw.Draw(picture), (WIDTH / 2, HEIGHT + _STRIP - 14), digits, BLACK, align="m")
    return picture


@lru_cache(maxsize=6)
def _template(ground: Metal, look: Look, worth: Splendour) -> Image.Image:
    """Everything that is the same on every card of one rank."""
    size = (WIDTH, HEIGHT)
    picture = metal_ground(size, ground, look.texture, worth)
    if look.logo is not None:
        logo = scaled(look.logo, _ROOM, 68)
        put_logo(picture, logo, (_LEFT, 42 + (68 - logo.height) // 2), ground.start)
    tile = rounded(_TILE, _TILE, _RADIUS)
    shadow(picture, tile, (_TILE_AT[0], _TILE_AT[1] + 8), blur=14, share=0.22)
    fill(picture, tile, _TILE_AT, WHITE)
    return picture


def _write_number(draw: ImageDraw.ImageDraw, card: CardPicture, ground: Metal) -> None:
    middle = _TILE_AT[0] + _TILE / 2
    number = fitted(card.number, "bold", width=_TILE, size=38, size_min=20)
    draw_line(draw, (middle, HEIGHT - 55), number, ground.ink, align="m")
    caption = fitted(card.caption, "regular", width=_TILE, size=24, size_min=18)
    draw_line(draw, (middle, HEIGHT - 26), caption, ground.ink_soft, align="m")


def _write_member(
    picture: Image.Image, draw: ImageDraw.ImageDraw, card: CardPicture, ground: Metal
) -> None:
    """Whose card it is, the rank with a star for every step of the ladder climbed, the points."""
    name = wrapped(whole_name(card.name), "regular", width=_ROOM, size=34, size_min=26, lines_max=2)
    draw_lines(draw, (_LEFT, 164), name, ground.ink, leading=1.2)
    rank = fitted(card.rank, "bold", width=_ROOM, size=42, size_min=24)
    draw_line(draw, (_LEFT, 266), rank, ground.ink)
    for place in range(card.tiers):
        star = icon("star", _STAR)
        reached = star if place < card.tier else faint(star, 0.24)
        fill(picture, reached, (_LEFT + place * (_STAR + 7), 284), ground.ink)
    label = fitted(card.points_name, "regular", width=_ROOM, size=28, size_min=18)
    draw_line(draw, (_LEFT, 378), label, ground.ink_soft)
    points = fitted(card.points, "bold", width=_ROOM, size=96, size_min=40)
    draw_line(draw, (_LEFT - 4, 466), points, ground.ink)


def _write_step(
    picture: Image.Image, draw: ImageDraw.ImageDraw, card: CardPicture, ground: Metal
) -> None:
    """The next step at the foot, with its bar."""
    has_bar = card.progress is not None
    foot = _BAR_AT - 26 if has_bar else HEIGHT - 44
    step = wrapped(card.step, "bold", width=_ROOM, size=28, size_min=24, lines_max=3)
    top = foot - (len(step) - 1) * step[0].size * 1.28
    draw_lines(draw, (_LEFT, top), step, ground.ink, leading=1.28)
    if card.progress is None:
        return
    trough = rounded(_ROOM, _BAR_HEIGHT, _BAR_HEIGHT // 2)
    fill(picture, faint(trough, 0.24), (_LEFT, _BAR_AT), ground.ink)
    filled = round(_ROOM * min(1.0, max(0.0, card.progress)))
    if filled >= _BAR_HEIGHT:
        bar = rounded(filled, _BAR_HEIGHT, _BAR_HEIGHT // 2)
        fill(picture, bar, (_LEFT, _BAR_AT), ground.ink)
