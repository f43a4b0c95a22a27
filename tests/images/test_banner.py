from dataclasses import replace

import pytest
from PIL import ImageChops, ImageFilter, ImageStat

from images.banner import BannerPicture, draw_banner
from images.look import Look
from tests.images.pictures import HARD, LOOKS, RANKS, opened, with_art

BANNER = BannerPicture(
    "昇格おめでとうございます", "さくらさん", "ゴールドファン", RANKS["gold"], 3, 3,
    ("焙煎所の見学会にご招待", "季節のブレンドを一緒に選ぶ会"), "通い路珈琲",
)  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("rank", RANKS)
def test_a_banner_is_as_messages_show_it(rank: str, look: Look) -> None:
    for each in (look, with_art(look)):
        data = draw_banner(replace(BANNER, colours=RANKS[rank]), each)
        assert opened(data).size == (1024, 682)
        assert len(data) < 400_000


@pytest.mark.parametrize("text", HARD)
def test_any_words_stay_within_the_banner(text: str) -> None:
    named = replace(BANNER, name=text, rank=text, headline=text, perks=(text, text))
    bare = replace(BANNER, name="", rank="", headline="", perks=("", ""))
    drawn = [opened(draw_banner(each, LOOKS[0])) for each in (named, bare)]
    changed = ImageChops.difference(*drawn).convert("L").point(lambda v: 255 if v > 40 else 0)
    assert changed.crop((0, 0, 40, 682)).getbbox() is None
    assert changed.crop((984, 0, 1_024, 682)).getbbox() is None


def test_a_higher_rank_is_drawn_more_richly() -> None:
    def detail(tier: int) -> float:
        """How much happens in the picture around the crest, whatever its metal."""
        drawn = opened(draw_banner(replace(BANNER, tier=tier), LOOKS[3])).convert("L")
        edges = drawn.filter(ImageFilter.FIND_EDGES).crop((2, 2, 1_022, 232))
        return float(ImageStat.Stat(edges).mean[0])

    assert detail(1) < detail(2) < detail(3)


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_any_number_of_perks_has_room(count: int) -> None:
    assert opened(draw_banner(replace(BANNER, perks=("特典",) * count), LOOKS[1]))
