import io
import re
from dataclasses import replace

import pytest
from PIL import Image

from images.slip import DPI, WIDTH, SlipPicture, slip_pdf, slip_png
from tests.images.pictures import HARD, codes_in

LINK = "https://line.me/R/oaMessage/%40kayoi/?K7Q2"
SLIP = SlipPicture(
    "通い路珈琲",
    "ご来店のしるし",
    ("ご来店 1回", "12月7日まで"),
    "QRを読み取り、そのまま送信",
    LINK,
    "K7Q2",
)


def opened(slip: SlipPicture) -> Image.Image:
    return Image.open(io.BytesIO(slip_png(slip)))


@pytest.mark.parametrize("text", HARD)
def test_its_code_is_read_whatever_stands_on_it(text: str) -> None:
    slip = replace(SLIP, shop=text, title=text, lines=(text,) * 4, how=text * 3, code=text[:12])
    assert codes_in(opened(slip)) == [LINK]


def test_it_is_as_wide_as_the_paper_and_as_long_as_it_takes() -> None:
    short, long = opened(SLIP), opened(replace(SLIP, lines=SLIP.lines * 3))
    assert short.width == long.width == WIDTH
    assert short.height < long.height
    assert round(short.info["dpi"][0]) == DPI
    [box] = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) [\d.]+ \]", slip_pdf(SLIP))
    assert round(float(box) / 72 * 25.4) == 80
