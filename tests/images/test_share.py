import pytest
from PIL import ImageChops

from images.look import Look
from images.share import HEIGHT, WIDTH, SharePicture, draw_share
from tests.images.pictures import HARD, LOOKS, opened, with_art

SHARE = SharePicture(
    "通い路珈琲で、ほっとひと息", "通い路珈琲", "PR", "会員が、特典つきでご紹介しています"
)


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_as_social_media_show_it_and_says_that_it_is_advertising(look: Look) -> None:
    for each in (look, with_art(look)):
        data = draw_share(SHARE, each)
        assert opened(data).size == (WIDTH, HEIGHT) == (1024, 536)
        assert len(data) < 400_000
        # The mark is there, in the middle, where no edge is cut away.
        unmarked = opened(draw_share(SharePicture(SHARE.line, SHARE.shop, "", SHARE.note), each))
        changed = ImageChops.difference(opened(data), unmarked).convert("L")
        box = changed.point(lambda v: 255 if v > 90 else 0).getbbox()
        assert box is not None
        left, top, right, bottom = box
        assert WIDTH * 0.4 < left < right < WIDTH * 0.6
        assert bottom - top > 20


@pytest.mark.parametrize("text", HARD)
def test_any_words_stay_within_it(text: str) -> None:
    said = SharePicture(text, text, "PR", text)
    drawn = [opened(draw_share(each, LOOKS[0])) for each in (said, SharePicture("", "", "PR", ""))]
    changed = ImageChops.difference(*drawn).convert("L").point(lambda v: 255 if v > 40 else 0)
    assert changed.crop((0, 0, 20, HEIGHT)).getbbox() is None
    assert changed.crop((WIDTH - 20, 0, WIDTH, HEIGHT)).getbbox() is None
