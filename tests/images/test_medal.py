"""Medals: every state, any icon, the shop's own art."""

from dataclasses import replace
from typing import get_args

import pytest
from PIL import Image, ImageChops

from images.look import open_art
from images.medal import Medal, State, medal
from tests.images.pictures import art, shades

STATES: tuple[State, ...] = get_args(State)
MEDAL = Medal("☕", 0, "earned")


def struck(what: Medal) -> Image.Image:
    return medal(what, 200, "#FBF7F5", "#8A5A44")


def test_the_three_states_differ_and_progress_shows_while_locked() -> None:
    drawn = {struck(replace(MEDAL, state=state)).tobytes() for state in ("locked", "earned")}
    drawn |= {struck(replace(MEDAL, state="locked", fraction=f)).tobytes() for f in (0.3, 0.9)}
    assert len(drawn) == 4


def test_a_locked_badge_is_pale_and_an_earned_one_is_not() -> None:
    def colourful(what: Medal) -> int:
        on_white = Image.new("RGB", (200, 200), "white")
        seen = struck(what)
        on_white.paste(seen, (0, 0), seen)
        return max(on_white.convert("HSV").getchannel("S").histogram()[120:], default=0)

    assert colourful(MEDAL) > 50
    assert colourful(replace(MEDAL, state="locked")) == 0


@pytest.mark.parametrize("icon", ["☕", "🪑", "🎖️", "A", "", "👨‍👩‍👧", "김"])
@pytest.mark.parametrize("state", STATES)
def test_any_icon_makes_a_medal(icon: str, state: State) -> None:
    sign = struck(Medal(icon, 3, state)).crop((60, 60, 140, 140)).convert("L")
    low, high = shades(sign)
    assert high - low > 20


@pytest.mark.parametrize("state", STATES)
def test_the_shops_own_art_is_on_the_medal(state: State) -> None:
    own = replace(MEDAL, state=state, art=open_art(art("#00FF00")))
    difference = ImageChops.difference(struck(own), struck(replace(MEDAL, state=state)))
    assert difference.convert("RGB").getbbox() is not None
