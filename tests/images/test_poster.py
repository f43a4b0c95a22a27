import io
import re
from dataclasses import replace

import pytest
from PIL import Image

from images.look import Look
from images.poster import Gift, PosterPicture, draw_poster, painted, poster_pdf
from tests.images.pictures import HARD, LOOKS, as_jpeg, codes_in, opened, with_art

LINK = "https://line.me/R/ti/p/%40123abcde"
POSTER = PosterPicture(
    "通い路珈琲", "通うたび、うれしい。", "LINEで友だち追加", LINK,
    (Gift("points", "ご入会で50ポイント", "ご来店ごとに10ポイント"), Gift("rank", "ランク", "")),
    ("QRコードを読み取る", "友だち追加をタップ", "会員証が届きます"), "通い路珈琲合同会社",
)  # fmt: skip


@pytest.mark.parametrize("look", [LOOKS[0], with_art(LOOKS[1])])
def test_the_poster_is_a4_for_print_and_its_code_reads_from_across_the_room(look: Look) -> None:
    data = draw_poster(POSTER, look)
    picture = Image.open(io.BytesIO(data))
    assert [round(x) for x in picture.info["dpi"]] == [300, 300]
    whole = opened(data, kind="PNG")
    assert whole.size == (2_480, 3_508)
    small = whole.resize((310, 438), Image.Resampling.BILINEAR)
    for seen in (whole, as_jpeg(small, 60), small.rotate(10, expand=True, fillcolor="#777777")):
        assert codes_in(seen) == [LINK]


def test_the_pdf_is_one_page_of_a4() -> None:
    data = poster_pdf(POSTER, LOOKS[0])
    assert data.startswith(b"%PDF-")
    [box] = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", data)
    assert [round(float(points) / 72 * 25.4) for points in box] == [210, 297]


def test_any_words_can_stand_on_it() -> None:
    for text in (HARD[0], HARD[4], HARD[5]):
        gifts = (Gift("points", text, text),) * 4
        odd = replace(POSTER, shop=text, headline=text, invitation=text, gifts=gifts, steps=(text,))
        assert seen(odd) == [LINK]
    assert seen(replace(POSTER, gifts=())) == [LINK]


def seen(poster: PosterPicture) -> list[str]:
    """The codes on it, from where it hangs: a file for print takes a second to write."""
    return codes_in(painted(poster, LOOKS[0]).reduce(4))
