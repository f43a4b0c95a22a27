import io
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from images.barcode import Barcode, barcode_svg, bars, modules
from images.card import HEIGHT, card_size, draw_card
from images.paper_card import DPI, card_png, sheet_pdf
from tests.images.pictures import LOOKS, as_jpeg, opened
from tests.images.test_card import CARD
from tests.images.test_paper_card import CARD as PAPER
from tests.images.test_paper_card import millimetres

JAN = Barcode("jan13", "2148201177362", "21 482 011 7736 2")
CODE_128 = Barcode("code128", "4820117736", "482 011 7736")
BOTH = pytest.mark.parametrize("barcode", [JAN, CODE_128])


def bars_in(picture: Image.Image) -> list[str]:
    """What an independent reader finds that only looks for lines."""
    kinds = zxingcpp.BarcodeFormat.EAN13, zxingcpp.BarcodeFormat.Code128
    lines = zxingcpp.BarcodeFormats(kinds)
    return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"), formats=lines)]


@BOTH
def test_the_bars_are_read_with_white_on_both_sides(barcode: Barcode) -> None:
    row = modules(barcode)
    before, after = len(row) - len(row.lstrip("0")), len(row) - len(row.rstrip("0"))
    # GS1 General Specifications 5.2.3.4 for EAN-13, ISO/IEC 15417 for Code 128.
    assert (before, after) == ((11, 7) if barcode.kind == "jan13" else (10, 10))
    assert len(row) == (113 if barcode.kind == "jan13" else 110)
    assert bars_in(bars(barcode, module=2, height=40)) == [barcode.text]


@BOTH
def test_a_card_keeps_its_qr_and_has_its_barcode_below(barcode: Barcode) -> None:
    card = replace(CARD, barcode=barcode)
    whole = opened(draw_card(card, LOOKS[0]))
    assert whole.size == card_size(card)
    assert whole.crop((0, 0, 1024, HEIGHT)).size == card_size(CARD)
    small = whole.resize((whole.width * 6 // 10, whole.height * 6 // 10))
    for seen in (whole, as_jpeg(small, 50), small.rotate(4, expand=True, fillcolor="#777777")):
        texts = {found.text for found in zxingcpp.read_barcodes(seen.convert("L"))}
        assert texts == {CARD.code, barcode.text}


@BOTH
def test_paper_has_bars_as_wide_as_the_standard_asks(barcode: Barcode) -> None:
    paper = replace(PAPER, barcode=barcode)
    picture = opened(card_png(paper, LOOKS[1]), kind="PNG")
    assert {found.text for found in zxingcpp.read_barcodes(picture)} == {PAPER.code, barcode.text}
    [found] = [each for each in zxingcpp.read_barcodes(picture) if each.text == barcode.text]
    quiet = 18 if barcode.kind == "jan13" else 20
    width = found.position.top_right.x - found.position.top_left.x
    module = width / (len(modules(barcode)) - quiet) / DPI * 25.4
    # GS1 General Specifications 5.12.3, table 1: from 0.264 mm on, at best 0.33 mm.
    assert 0.32 < module < 0.36
    assert millimetres(sheet_pdf([paper] * 2, LOOKS[1])) == [(210, 297)]


@BOTH
def test_the_element_of_a_page_has_the_same_bars(barcode: Barcode) -> None:
    svg = barcode_svg(barcode, title="バーコード")
    assert "style" not in svg
    row = modules(barcode)
    drawn = [place for place in range(len(row)) if f"M{place} 0h1v" in svg]
    assert drawn == [place for place, dark in enumerate(row) if dark == "1"]


def test_a_card_without_one_is_as_it_was() -> None:
    with Image.open(io.BytesIO(draw_card(CARD, LOOKS[0]))) as picture:
        assert picture.size == card_size(CARD) == (1024, 682)
