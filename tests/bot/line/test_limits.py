"""Counting as LINE counts, and cutting where a reader would."""

from hypothesis import given
from hypothesis import strategies as st

from bot.line import limits
from rules.characters import graphemes

FAMILY = "👨‍👩‍👧‍👦"  # one character to a reader, 11 UTF-16 units


def test_length_is_counted_in_utf16_units() -> None:
    assert limits.utf16_len("あa") == 2
    assert limits.utf16_len("🍎") == 2
    assert limits.utf16_len(FAMILY) == 11


def test_a_text_that_fits_is_left_alone() -> None:
    assert limits.cut("🍎🍎", 4) == "🍎🍎"
    assert limits.cut_graphemes(FAMILY * 3, 3) == FAMILY * 3


def test_a_cut_text_says_so_and_breaks_no_character() -> None:
    assert limits.cut(FAMILY * 3, 22) == FAMILY + "…"
    assert limits.cut("髙橋が\u3099き", 4) == "髙橋…"
    assert limits.cut_graphemes(FAMILY * 4, 3) == FAMILY * 2 + "…"


def test_no_space_is_left_before_the_ellipsis() -> None:
    assert limits.cut("one two three", 5) == "one…"


def test_another_ellipsis_counts_too() -> None:
    assert limits.cut("0123456789", 8, ellipsis="...") == "01234..."
    assert limits.cut("0123456789", 4, ellipsis="") == "0123"


def test_control_characters_and_half_emojis_are_removed() -> None:
    assert limits.clean("a\x00b\x1b\tc\nd") == "abc\nd"
    assert limits.clean("\ud83d!") == "\ufffd!"


def test_a_name_cannot_turn_the_direction_of_writing() -> None:
    assert limits.clean("\u202eさくら\u2066") == "さくら"
    assert limits.clean(FAMILY) == FAMILY


@given(st.text(), st.integers(1, 40))
def test_a_cut_text_never_exceeds_its_limit(text: str, count: int) -> None:
    assert limits.utf16_len(limits.cut(text, count)) <= count
    assert len(graphemes(limits.cut_graphemes(text, count))) <= count


@given(st.text(st.characters()))
def test_a_clean_text_can_be_stored_and_sent(text: str) -> None:
    assert limits.clean(text).encode().decode() == limits.clean(text)
    assert "\x00" not in limits.clean(text)
