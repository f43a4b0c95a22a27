import io
import re
from dataclasses import replace

import pytest
from PIL import Image

from bot.codes import Codes
from images.look import Look
from images.paper_card import CARDS_A_SHEET, PaperCard, card_pdf, card_png, sheet_pdf
from images.slip import SlipPicture, slip_pdf, slip_png
from tests.images.pictures import HARD, LOOKS, as_jpeg, codes_in, opened, with_art

CODES = Codes("a secret of the tests that is long enough")
CARD = PaperCard(
    "通い路珈琲", "髙橋 花子様", "482 011 7736", CODES.card_code("4820117736", 2), "お見せください"
)
SLIP = SlipPicture(
    "通い路珈琲", "ポイントをあとから受け取れます", ("1月5日 12:00", "お買い物 1,200円"),
    "QRコードを読み取って、そのまま送信してください。",
    "https://line.me/R/oaMessage/%40kayoi/?%E3%83%9D%E3%82%A4%E3%83%B3%E3%83%88%207K2-M9Q-XDF",
    "7K2-M9Q-XDF",
)  # fmt: skip


def millimetres(pdf: bytes) -> list[tuple[int, int]]:
    """The size of each page."""
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    return [(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in boxes]


@pytest.mark.parametrize("look", [*LOOKS, with_art(LOOKS[0])])
def test_a_paper_card_is_read_whatever_the_shop_looks_like(look: Look) -> None:
    data = card_png(CARD, look)
    whole = opened(data, kind="PNG")
    assert whole.size == (1_011, 638)
    small = whole.resize((505, 319), Image.Resampling.BILINEAR)
    for seen in (whole, as_jpeg(small, 50), small.rotate(10, expand=True, fillcolor="#777777")):
        assert codes_in(seen) == [CARD.code]


def test_it_has_the_size_of_a_credit_card() -> None:
    assert millimetres(card_pdf(CARD, LOOKS[0])) == [(86, 54)]
    with Image.open(io.BytesIO(card_png(CARD, LOOKS[0]))) as picture:
        assert [round(dots) for dots in picture.info["dpi"]] == [300, 300]


@pytest.mark.parametrize("name", HARD)
def test_any_name_can_stand_on_it(name: str) -> None:
    odd = replace(CARD, name=name, shop=name)
    assert codes_in(opened(card_png(odd, LOOKS[0]), kind="PNG")) == [CARD.code]


@pytest.mark.parametrize(("cards", "pages"), [(1, 1), (CARDS_A_SHEET, 1), (CARDS_A_SHEET + 1, 2)])
def test_a_sheet_of_a4_holds_ten(cards: int, pages: int) -> None:
    assert millimetres(sheet_pdf([CARD] * cards, LOOKS[3])) == [(210, 297)] * pages


def test_a_slip_is_as_wide_as_a_receipt_and_its_code_is_read() -> None:
    picture = opened(slip_png(SLIP), kind="PNG")
    assert picture.width == 945
    assert codes_in(picture) == [SLIP.link]
    [(width, height)] = millimetres(slip_pdf(SLIP))
    assert width == 80
    assert height < 140


@pytest.mark.parametrize("text", [HARD[0], HARD[4], HARD[5]])
def test_any_words_can_stand_on_a_slip(text: str) -> None:
    odd = replace(SLIP, shop=text, title=text, lines=(text,) * 3, how=text)
    assert codes_in(opened(slip_png(odd), kind="PNG")) == [SLIP.link]
