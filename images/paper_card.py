"""A card on paper: one of a credit card's size (ISO/IEC 7810 ID-1), or ten on a sheet of A4."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from .card_qr import CARD_MODULES, card_qr
from .fonts import draw_line, draw_lines, fitted, whole_name, wrapped
from .grounds import metal_ground, put_logo
from .look import Look, scaled
from .paint import fill, rounded
from .theme import WHITE, metal

DPI = 300
#: 85.60 by 53.98 mm, and A4.
WIDTH, HEIGHT = 1011, 638
_SHEET = (2480, 3508)
COLUMNS, ROWS = 2, 5
CARDS_A_SHEET = COLUMNS * ROWS
#: A module is 0.85 mm wide: read by any scanner, also once the card is worn.
_MODULE = 10
_CODE = CARD_MODULES * _MODULE
_PADDING, _RADIUS = 6, 24
_TILE = _CODE + 2 * _PADDING
_TILE_AT = (WIDTH - _TILE - 30, 30)
_LEFT = 44
_ROOM = _TILE_AT[0] - _LEFT - 26
#: Marks by which a sheet is cut, so far from the cards and so long.
_MARK_GAP, _MARK = 12, 36


@dataclass(frozen=True, slots=True)
class PaperCard:
    """A card as finished strings."""

    shop: str
    #: May be empty.
    name: str
    #: As it is read out.
    number: str
    #: Goes into the QR.
    code: str
    caption: str


def card_png(card: PaperCard, look: Look) -> bytes:
    """A PNG of 1,011 × 638 pixels, a credit card at 300 dpi."""
    out = io.BytesIO()
    _face(card, look).save(out, "PNG", compress_level=6, dpi=(DPI, DPI))
    return out.getvalue()


def card_pdf(card: PaperCard, look: Look) -> bytes:
    """The same as a PDF of one page of a card's size, for a label or card printer."""
    out = io.BytesIO()
    _face(card, look).save(out, "PDF", resolution=DPI, quality=95, title=card.shop)
    return out.getvalue()


def sheet_pdf(cards: Sequence[PaperCard], look: Look) -> bytes:
    """Pages of A4 with ten cards each and marks to cut by; at least one card."""
    pages = [
        _sheet(cards[start : start + CARDS_A_SHEET], look)
        for start in range(0, len(cards), CARDS_A_SHEET)
    ]
    out = io.BytesIO()
    pages[0].save(
        out, "PDF", resolution=DPI, quality=95, title=cards[0].shop, save_all=True,
        append_images=pages[1:],
    )  # fmt: skip
    return out.getvalue()


def _face(card: PaperCard, look: Look) -> Image.Image:
    ground = metal(look.colours.back, look.colours.back_end)
    picture = metal_ground((WIDTH, HEIGHT), ground, look.texture)
    draw = ImageDraw.Draw(picture)
    tile = rounded(_TILE, _TILE, _RADIUS)
    fill(picture, tile, _TILE_AT, WHITE)
    picture.paste(card_qr(card.code, module=_MODULE), (_TILE_AT[0] + _PADDING, 30 + _PADDING))
    if look.logo is not None:
        put_logo(picture, scaled(look.logo, _ROOM, 130), (_LEFT, 54), ground.start)
    else:
        shop = wrapped(card.shop, "bold", width=_ROOM, size=44, size_min=28, lines_max=3)
        draw_lines(draw, (_LEFT, 96), shop, ground.ink, leading=1.25)
    name = wrapped(whole_name(card.name), "bold", width=_ROOM, size=40, size_min=26, lines_max=2)
    draw_lines(draw, (_LEFT, 430), name, ground.ink, leading=1.2)
    number = fitted(card.number, "bold", width=_TILE, size=40, size_min=24)
    draw_line(draw, (_TILE_AT[0] + _TILE / 2, HEIGHT - 44), number, ground.ink, align="m")
    caption = wrapped(card.caption, "regular", width=_ROOM, size=24, size_min=18, lines_max=2)
    draw_lines(draw, (_LEFT, HEIGHT - 70), caption, ground.ink_soft, leading=1.3)
    return picture


def _sheet(cards: Sequence[PaperCard], look: Look) -> Image.Image:
    picture = Image.new("RGB", _SHEET, WHITE)
    left, top = (_SHEET[0] - COLUMNS * WIDTH) // 2, (_SHEET[1] - ROWS * HEIGHT) // 2
    for place, card in enumerate(cards):
        at = left + place % COLUMNS * WIDTH, top + place // COLUMNS * HEIGHT
        picture.paste(_face(card, look), at)
    _marks(ImageDraw.Draw(picture), left, top)
    return picture


def _marks(draw: ImageDraw.ImageDraw, left: int, top: int) -> None:
    """Lines in the margin where the sheet is cut."""
    right, bottom = left + COLUMNS * WIDTH, top + ROWS * HEIGHT
    for column in range(COLUMNS + 1):
        x = left + column * WIDTH
        for y in (top - _MARK_GAP - _MARK, bottom + _MARK_GAP):
            draw.line((x, y, x, y + _MARK), fill="#888888", width=2)
    for row in range(ROWS + 1):
        y = top + row * HEIGHT
        for x in (left - _MARK_GAP - _MARK, right + _MARK_GAP):
            draw.line((x, y, x + _MARK, y), fill="#888888", width=2)
