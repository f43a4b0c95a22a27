from dataclasses import replace
from typing import get_args

import pytest
from PIL import ImageChops

from images.greeting import GreetingPicture, Occasion, draw_greeting
from images.look import Look
from tests.images.pictures import HARD, LOOKS, opened, with_art

GREETING = GreetingPicture("birthday", "お誕生月\nおめでとうございます", "さくらさん", "通い路珈琲")
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("occasion", OCCASIONS)
def test_a_greeting_is_as_messages_show_it(occasion: Occasion, look: Look) -> None:
    for each in (look, with_art(look)):
        data = draw_greeting(replace(GREETING, occasion=occasion), each)
        assert opened(data).size == (1024, 682)
        assert len(data) < 400_000


@pytest.mark.parametrize("text", HARD)
@pytest.mark.parametrize("occasion", OCCASIONS)
def test_any_words_stay_within_the_greeting(occasion: Occasion, text: str) -> None:
    said = GreetingPicture(occasion, text, text, text)
    bare = replace(said, headline="", name="", shop="")
    drawn = [opened(draw_greeting(each, LOOKS[0])) for each in (said, bare)]
    changed = ImageChops.difference(*drawn).convert("L").point(lambda v: 255 if v > 40 else 0)
    assert changed.crop((0, 0, 20, 682)).getbbox() is None
    assert changed.crop((1_004, 0, 1_024, 682)).getbbox() is None
