from dataclasses import replace

import pytest
from PIL import ImageChops

from images.look import Look
from images.new_year import NewYearPicture, draw_new_year
from rules.zodiac import ANIMALS
from tests.images.pictures import HARD, LOOKS, opened, with_art

WISH = NewYearPicture(
    "あけまして\nおめでとうございます", "さくらさん", "2027年 ひつじ年", "🐑", "未", "通い路珈琲"
)


@pytest.mark.parametrize("look", LOOKS)
def test_a_wish_is_as_messages_show_it(look: Look) -> None:
    for each in (look, with_art(look)):
        data = draw_new_year(WISH, each)
        assert opened(data).size == (1024, 682)
        assert len(data) < 400_000


def test_every_year_looks_its_own() -> None:
    drawn = [
        draw_new_year(replace(WISH, animal=each.emoji, sign=each.kanji), LOOKS[0])
        for each in ANIMALS
    ]
    assert len(set(drawn)) == 12


@pytest.mark.parametrize("text", HARD)
def test_any_words_stay_within_the_wish(text: str) -> None:
    said = replace(WISH, headline=text, name=text, year=text, shop=text)
    bare = replace(WISH, headline="", name="", year="", shop="")
    drawn = [opened(draw_new_year(each, LOOKS[0])) for each in (said, bare)]
    changed = ImageChops.difference(*drawn).convert("L").point(lambda v: 255 if v > 40 else 0)
    assert changed.crop((0, 0, 20, 682)).getbbox() is None
    assert changed.crop((1_004, 0, 1_024, 682)).getbbox() is None
