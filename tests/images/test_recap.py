from dataclasses import replace

import pytest
from PIL import ImageChops

from images.look import Look
from images.medal import Medal
from images.recap import RecapPicture, draw_recap, recap_size
from tests.images.pictures import HARD, LOOKS, opened

from .test_calendar import MONTH, WEEK

RECAP = RecapPicture(
    replace(MONTH, rhythm=(), rhythm_note=""), "ありがとうございました", "通い路珈琲",
    "+120", "ポイント", (Medal("☕", 0, "earned"), Medal("🎉", 1, "earned")),
)  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("weeks", [4, 5, 6])
def test_a_month_is_as_large_as_was_said_and_line_allows(weeks: int, look: Look) -> None:
    month = replace(RECAP.month, weeks=(WEEK,) * weeks)
    assert opened(draw_recap(replace(RECAP, month=month), look)).size == recap_size(weeks)
    assert max(recap_size(weeks)) <= 1_024


def test_what_there_was_not_is_not_drawn() -> None:
    bare = replace(RECAP, points="", points_name="", medals=())
    drawn = [opened(draw_recap(each, LOOKS[0])) for each in (RECAP, bare)]
    changed = ImageChops.difference(*drawn).convert("L").point(lambda v: 255 if v > 40 else 0)
    box = changed.getbbox()
    assert box is not None
    # Below the days alone.
    assert box[1] > recap_size(5)[1] - 184


@pytest.mark.parametrize("text", HARD)
def test_any_words_stay_on_the_sheet(text: str) -> None:
    said = replace(RECAP, thanks=text, shop=text, points=text, points_name=text)
    bare = replace(RECAP, thanks="", shop="", points="", points_name="")
    drawn = [opened(draw_recap(each, LOOKS[1])) for each in (said, bare)]
    changed = ImageChops.difference(*drawn).convert("L").point(lambda v: 255 if v > 40 else 0)
    width, height = recap_size(5)
    assert changed.crop((0, 0, 40, height)).getbbox() is None
    assert changed.crop((width - 40, 0, width, height)).getbbox() is None
