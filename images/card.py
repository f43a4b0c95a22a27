"""The picture of a member's card: the QR that staff scan, and whose card it is."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from .fonts import fitted, font, two_lines
from .qr import CARD_MODULES, card_qr
from .theme import Palette

#: 3:2, as messages show it; no larger than LINE allows in a Flex message.
WIDTH, HEIGHT = 1024, 682
_MODULE = 13
_QR = CARD_MODULES * _MODULE
#: The QR's own white margin is part of the right side.
_SIDE = WIDTH - _QR - 22
_LEFT = 44


@dataclass(frozen=True, slots=True)
class CardPicture:
    """`label` says what it is (会員証), `number` as it is to be read; `code` goes into the QR."""

    shop: str
    label: str
    number: str
    code: str


def draw_card(card: CardPicture, colours: Palette) -> bytes:
    """A PNG of 1,024 × 682 pixels: a coloured side with the names, the QR on white.

    The QR's modules are 13 pixels and its margin is white to the edge, so that it is read from a
    dim or cracked screen and after LINE has compressed the picture.
    """
    picture = Image.new("RGB", (WIDTH, HEIGHT), colours.paper)
    picture.paste(_side(colours), (0, 0))
    draw = ImageDraw.Draw(picture)
    _write_names(draw, card, colours)
    top = (HEIGHT - _QR) // 2
    picture.paste(card_qr(card.code, module=_MODULE), (WIDTH - _QR - 11, top))
    out = io.BytesIO()
    # Flat colours: a palette is a third of the size, and looks the same.
    picture.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _side(colours: Palette) -> Image.Image:
    """The coloured side, shaded towards its foot."""
    shade = Image.linear_gradient("L").resize((_SIDE, HEIGHT))
    end = Image.new("RGB", (_SIDE, HEIGHT), colours.back_end)
    return Image.composite(end, Image.new("RGB", (_SIDE, HEIGHT), colours.back), shade)


def _write_names(draw: ImageDraw.ImageDraw, card: CardPicture, colours: Palette) -> None:
    room = _SIDE - 2 * _LEFT
    shop, large = two_lines(card.shop, "bold", width=room, size=46, size_min=34)
    foot = 88
    for line in shop:
        draw.text((_LEFT, foot), line, font=large, fill=colours.on_back, anchor="ls")
        foot += 48
    draw.rectangle((_LEFT, foot - 12, _LEFT + 55, foot - 9), fill=colours.on_back_soft)
    draw.text(
        (_LEFT, HEIGHT - 104), card.label, font=font("regular", 26), fill=colours.on_back_soft
    )
    number, figures = fitted(card.number, "bold", width=room, size=42, size_min=20)
    draw.text((_LEFT, HEIGHT - 36), number, font=figures, fill=colours.on_back, anchor="ls")
