"""Medals, the picture of one badge, and the shelf."""

from dataclasses import replace
from typing import get_args

import pytest
from PIL import Image, ImageChops

from images.badge import BadgePicture, draw_badge
from images.look import Look, open_art
from images.medal import Medal, State, medal
from images.shelf import BADGES_MAX, ShelfBadge, ShelfPicture, draw_shelf, shelf_size
from tests.images.pictures import HARD, LOOKS, art, opened, shades, with_art

STATES: tuple[State, ...] = get_args(State)
MEDAL = Medal("☕", 0, "earned")
BADGE = BadgePicture(MEDAL, "獲得したバッジ", "はじめの一杯", "2026年11月23日", "通い路珈琲")


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


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_a_badge_is_as_messages_show_it(state: State, look: Look) -> None:
    badge = replace(BADGE, medal=replace(MEDAL, state=state))
    for each in (look, with_art(look)):
        data = draw_badge(badge, each)
        assert opened(data).size == (1024, 682)
        assert len(data) < 300_000


@pytest.mark.parametrize("text", HARD)
def test_any_name_of_a_badge_stays_beside_the_medal(text: str) -> None:
    named = draw_badge(replace(BADGE, name=text, note=text, headline=text), LOOKS[0])
    bare = draw_badge(replace(BADGE, name="", note="", headline=""), LOOKS[0])
    changed = ImageChops.difference(opened(named), opened(bare)).convert("L")
    strong = changed.point(lambda v: 255 if v > 40 else 0)
    assert strong.crop((0, 0, 540, 682)).getbbox() is None
    assert strong.crop((1_000, 0, 1_024, 682)).getbbox() is None


@pytest.mark.parametrize("count", [0, 1, 4, 5, 12, 40])
def test_a_shelf_is_never_larger_than_line_allows(count: int) -> None:
    badges = (ShelfBadge(MEDAL, "はじめの一杯とその次の一杯とさらに次の一杯", "11月3日"),) * count
    size = shelf_size(count)
    assert opened(draw_shelf(ShelfPicture("バッジ", "1 / 12", badges), LOOKS[0])).size == size
    assert max(size) <= 1_024
    assert BADGES_MAX == 12
