import colorsys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.theme import (
    INK,
    MUTED,
    READABLE,
    WHITE,
    contrast,
    enamels,
    metal,
    mix,
    palette,
    splendour,
)

colours = st.from_regex(r"#[0-9A-Fa-f]{6}", fullmatch=True)


@given(colours)
def test_whatever_colour_a_shop_chooses_everything_can_be_read(accent: str) -> None:
    chosen = palette(accent)
    for back in (chosen.back, chosen.back_end, chosen.back_disc):
        assert contrast(chosen.on_back, back) >= READABLE
    assert contrast(chosen.on_back_soft, chosen.back_end) >= 4
    assert contrast(chosen.on_back_soft, chosen.back) >= 4
    for ground in (chosen.ground, chosen.soft, chosen.paper):
        assert contrast(INK, ground) >= READABLE
        assert contrast(chosen.accent, ground) >= READABLE
    assert contrast(MUTED, WHITE) >= READABLE


@given(colours, colours)
def test_whatever_colours_a_rank_has_its_card_can_be_read(start: str, end: str) -> None:
    ground = metal(start, end)
    for back in (ground.start, ground.end):
        assert contrast(ground.ink, back) >= READABLE
        assert contrast(ground.ink_soft, back) >= 3.4


def test_a_rank_keeps_its_colours_where_it_can() -> None:
    brass = metal("#E0C080", "#D0B070")
    assert (brass.start, brass.end) == ("#E0C080", "#D0B070")
    assert brass.ink != WHITE
    assert metal("#63412F", "#402010").ink == WHITE


def test_a_dark_colour_is_filled_in_as_it_is_and_carries_white() -> None:
    brown = palette("#8A5A44")
    assert (brown.back, brown.on_back) == ("#8A5A44", WHITE)


def test_a_bright_colour_stays_bright_and_carries_dark_words() -> None:
    yellow = palette("#FFD400")
    assert (yellow.back, yellow.on_back) == ("#FFD400", INK)
    assert yellow.accent != "#FFD400"


def test_mixing_and_contrast() -> None:
    assert mix("#000000", "#FFFFFF", share=0.5) == "#808080"
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("wrong", ["", "red", "#12345", "#1234567", "123456#", "#GGGGGG"])
def test_what_is_no_colour_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - from two places, each with its own words
        palette(wrong)


@pytest.mark.parametrize("accent", ["#8A5A44", "#1F6F5C", "#3355AA", "#777777", "#FFD400"])
def test_badges_have_the_shops_hue_and_others_that_go_with_it(accent: str) -> None:
    colours = enamels(accent)
    assert len(set(colours)) == len(colours)
    assert min(contrast(colour, WHITE) for colour in colours) >= READABLE


def test_a_green_shops_badges_are_not_brown() -> None:
    hues = [
        colorsys.rgb_to_hls(*(channel / 255 for channel in bytes.fromhex(colour[1:])))[0] * 360
        for colour in enamels("#1F6F5C")
    ]
    assert not [hue for hue in hues if hue < 60 or hue > 330]


def test_ranks_rise_from_plain_to_rich() -> None:
    assert [splendour(tier, 4) for tier in (1, 2, 3, 4)] == ["plain", "fine", "fine", "rich"]
    assert splendour(1, 1) == "rich"
