from dataclasses import replace
from typing import get_args

import pytest
from PIL import ImageChops

from images.badge import BadgePicture, draw_badge
from images.look import Look
from images.medal import Medal, State
from tests.images.pictures import HARD, LOOKS, opened, with_art

STATES: tuple[State, ...] = get_args(State)
MEDAL = Medal("☕", 0, "earned")
BADGE = BadgePicture(
    MEDAL, "獲得したバッジ", "はじめの一杯", "はじめてのご来店", "2026年11月23日", "通い路珈琲"
)


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
    named = draw_badge(replace(BADGE, name=text, how=text, note=text, headline=text), LOOKS[0])
    bare = draw_badge(replace(BADGE, name="", how="", note="", headline=""), LOOKS[0])
    changed = ImageChops.difference(opened(named), opened(bare)).convert("L")
    strong = changed.point(lambda v: 255 if v > 40 else 0)
    assert strong.crop((0, 0, 540, 682)).getbbox() is None
    assert strong.crop((1_000, 0, 1_024, 682)).getbbox() is None
