"""Whatever colour a shop chooses, what stands on it can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.line import colours

colour = st.integers(0, 0xFFFFFF).map("#{:06X}".format)


def test_contrast_is_wcags() -> None:
    assert colours.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert colours.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert colours.contrast("#8A5A44", "#8A5A44") == 1


@pytest.mark.parametrize("odd", ["", "red", "#FFF", "#8A5A4G", "8A5A44", "#8A5A44FF", "#8A5A44\n"])
def test_anything_but_six_digits_is_refused(odd: str) -> None:
    with pytest.raises(ValueError, match="must look like"):
        colours.rgb(odd)


def test_mixing_runs_from_one_colour_to_the_other() -> None:
    assert colours.mix("#000000", "#FFFFFF", share=0) == "#000000"
    assert colours.mix("#000000", "#FFFFFF", share=0.5) == "#808080"
    assert colours.mix("#000000", "#FFFFFF", share=1) == "#FFFFFF"


def test_the_preferred_text_colour_is_kept_where_it_can_be_read() -> None:
    assert colours.text_on("#3B2314", preferred="#FFE8C7") == "#FFE8C7"
    assert colours.text_on("#FFFFFF", preferred="#FFE8C7") == colours.INK


def test_on_a_gradient_the_worse_end_decides() -> None:
    assert colours.text_on("#3B2314", "#EEF2F3") == colours.text_on("#EEF2F3", "#3B2314")
    assert colours.text_on("#8E9EAB", "#EEF2F3", preferred="#FFFFFF") == colours.INK


@given(colour)
def test_text_on_any_one_colour_is_readable(background: str) -> None:
    assert colours.contrast(colours.text_on(background), background) >= 3.9


@given(colour)
def test_a_darkened_colour_is_readable_on_white_and_under_it(any_colour: str) -> None:
    assert colours.contrast(colours.darkened(any_colour), "#FFFFFF") >= colours.READABLE


@given(colour)
def test_dark_text_is_readable_on_a_tint(any_colour: str) -> None:
    assert colours.contrast(colours.INK, colours.tint(any_colour)) >= 7


def test_small_print_is_readable_on_white_and_on_a_tint() -> None:
    assert colours.contrast(colours.MUTED, "#FFFFFF") >= colours.READABLE


def test_a_dark_colour_is_left_as_it_is() -> None:
    assert colours.darkened("#8A5A44") == "#8A5A44"
