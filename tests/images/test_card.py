import io

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from bot.codes import Codes
from images.card import HEIGHT, WIDTH, CardPicture, draw_card
from images.theme import palette

NUMBER = "4820117736"
CODES = Codes("a secret of this installation only, long enough")
COLOURS = palette("#8A5A44")
NAMES = [
    "通い路珈琲",
    "髙橋﨑子のとても長い名前の喫茶店 川辺公園前本店",
    "Kayoiji ☕🎉 Coffee",
    "🎉",
]


def card(shop: str = NAMES[0], colours: str = "#8A5A44") -> Image.Image:
    view = CardPicture(shop, "会員証", "482 011 7736", CODES.card_code(NUMBER))
    return Image.open(io.BytesIO(draw_card(view, palette(colours))))


def number_in(picture: Image.Image) -> str | None:
    """What an independent reader finds."""
    found = zxingcpp.read_barcodes(picture.convert("L"))
    return CODES.read_card(found[0].text) if len(found) == 1 else None


def as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=quality)
    return Image.open(out)


@pytest.mark.parametrize("shop", NAMES)
def test_the_picture_is_as_messages_show_it(shop: str) -> None:
    picture = card(shop)
    assert picture.format == "PNG"
    assert picture.size == (WIDTH, HEIGHT) == (1024, 682)
    assert number_in(picture) == NUMBER


@pytest.mark.parametrize("colour", ["#8A5A44", "#1F6F5C", "#000000", "#FFFFFF", "#FFD400"])
def test_the_code_is_read_whatever_the_shops_colour(colour: str) -> None:
    assert number_in(card(colours=colour)) == NUMBER


def test_the_code_is_read_from_the_picture_as_phones_and_line_have_it() -> None:
    picture = card().convert("RGB")
    half = picture.resize((WIDTH // 2, HEIGHT // 2), Image.Resampling.BILINEAR)
    turned = picture.rotate(10, expand=True, fillcolor="#777777")
    dim = picture.point(lambda value: int(value * 0.35))
    assert number_in(as_jpeg(picture, 60)) == NUMBER
    assert number_in(half) == NUMBER
    assert number_in(turned) == NUMBER
    assert number_in(picture.filter(ImageFilter.GaussianBlur(3))) == NUMBER
    assert number_in(dim) == NUMBER
    assert number_in(as_jpeg(half.rotate(-10, expand=True, fillcolor="#777777"), 60)) == NUMBER


def test_the_code_has_a_white_margin_of_four_modules_on_every_side() -> None:
    [found] = zxingcpp.read_barcodes(card().convert("L"))
    at, module = found.position, 13
    left, top = at.top_left.x, at.top_left.y
    right, bottom = at.bottom_right.x, at.bottom_right.y
    margin = 4 * module - 2
    around = (
        card().convert("L").crop((left - margin, top - margin, right + margin, bottom + margin))
    )
    inside = (margin - 2, margin - 2, around.width - margin + 2, around.height - margin + 2)
    around.paste(255, inside)
    assert around.getextrema() == (255, 255)
    assert right + margin < WIDTH


def test_the_same_card_is_the_same_picture() -> None:
    view = CardPicture("通い路珈琲", "会員証", "482 011 7736", CODES.card_code(NUMBER))
    assert draw_card(view, COLOURS) == draw_card(view, COLOURS)
    assert len(draw_card(view, COLOURS)) < 40_000
