"""A card on paper: one of a credit card's size (ISO/IEC 7810 ID-1), or ten on a sheet of A4."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from .barcode import Barcode, bars
from .card_qr import card_qr
from .fonts import draw_line, draw_lines, fitted, whole_name, wrapped
from .grounds import metal_ground, put_logo
from .look import Look, scaled
from .paint import fill, rounded
from .theme import BLACK, WHITE, metal

DPI = 300
#: 85.60 by 53.98 mm, and A4.
WIDTH, HEIGHT = 1011, 638
_SHEET = (2480, 3508)
COLUMNS, ROWS = 2, 5
CARDS_A_SHEET = COLUMNS * ROWS
#: A module is 0.85 mm wide: read by any scanner, also once the card is worn. Beside a barcode it
#: has 0.68 mm.
_MODULE, _SMALL_MODULE = 10, 8
_PADDING, _RADIUS = 6, 24
_EDGE = 30
_LEFT = 44
_GAP = 26
#: A bar's module has 0.34 mm, a little above the standard's own size (GS1 General Specifications
#: 5.2: 0.33 mm); the bars are 9 mm high.
_BAR_MODULE, _BARS, _DIGITS = 4, 106, 40
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
    barcode: Barcode | None = None


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
    tile = _put_qr(picture, card)
    room = WIDTH - _EDGE - tile - _LEFT - _GAP
    if look.logo is not None:
        put_logo(picture, scaled(look.logo, room, 130), (_LEFT, 54), ground.start)
    else:
        shop = wrapped(card.shop, "bold", width=room, size=44, size_min=28, lines_max=3)
        draw_lines(draw, (_LEFT, 96), shop, ground.ink, leading=1.25)
    if card.barcode is None:
        middle = WIDTH - _EDGE - tile / 2
        number = fitted(card.number, "bold", width=tile, size=40, size_min=24)
        draw_line(draw, (middle, HEIGHT - 44), number, ground.ink, align="m")
        name_at = 430
    else:
        room = WIDTH - _EDGE - _put_barcode(picture, card.barcode) - _LEFT - _GAP
        number = fitted(card.number, "bold", width=room, size=40, size_min=24)
        draw_line(draw, (_LEFT, HEIGHT - 118), number, ground.ink)
        name_at = 390
    name = wrapped(whole_name(card.name), "bold", width=room, size=40, size_min=26, lines_max=2)
    draw_lines(draw, (_LEFT, name_at), name, ground.ink, leading=1.2)
    caption = wrapped(card.caption, "regular", width=room, size=24, size_min=18, lines_max=2)
    draw_lines(draw, (_LEFT, HEIGHT - 70), caption, ground.ink_soft, leading=1.3)
    return picture


def _put_qr(picture: Image.Image, card: PaperCard) -> int:
    """Puts the QR on its white tile in the corner above, and gives how wide the tile is."""
    code = card_qr(card.code, module=_SMALL_MODULE if card.barcode else _MODULE)
    side = code.width + 2 * _PADDING
    at = WIDTH - side - _EDGE, _EDGE
    fill(picture, rounded(side, side, _RADIUS), at, WHITE)
    picture.paste(code, (at[0] + _PADDING, at[1] + _PADDING))
    return side


def _put_barcode(picture: Image.Image, barcode: Barcode) -> int:
    """The same with the bars, in the corner below."""
    drawn = bars(barcode, module=_BAR_MODULE, height=_BARS)
    width, height = drawn.width + 2 * _PADDING, _BARS + _DIGITS + 2 * _PADDING
    at = WIDTH - width - _EDGE, HEIGHT - height - _EDGE
    fill(picture, rounded(width, height, _PADDING), at, WHITE)
    picture.paste(drawn, (at[0] + _PADDING, at[1] + _PADDING))
    digits = fitted(barcode.readable, "regular", width=drawn.width, size=28, size_min=20)
    foot = HEIGHT - _EDGE - _PADDING - 10
    draw_line(ImageDraw.Draw(picture), (at[0] + width / 2, foot), digits, BLACK, align="m")
    return width


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
