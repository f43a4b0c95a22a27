"""Greeting people by what LINE calls them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.wording.names import NAME_MAX, formal, greeting, initial, shown_name

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("さくら", "さくらさん"),
        ("山田 太郎", "山田 太郎さん"),
        ("さくらさん", "さくらさん"),
        ("さくらさん🌸", "さくらさん🌸"),
        ("ﾊﾅｺｻﾝ", "ﾊﾅｺｻﾝ"),
        ("田中様", "田中様"),
        ("みーちゃん", "みーちゃん"),
        ("けんくん!!", "けんくん!!"),
        ("佐藤先生", "佐藤先生"),
        ("さくら🌸", "さくら🌸さん"),
        ("🍎", "🍎さん"),
        ("髙橋﨑", "髙橋﨑さん"),
        ("  さくら \n はな ", "さくら はなさん"),
        ("Sakura", "Sakuraさん"),
        ("さん", "さん"),
    ],
)
def test_a_japanese_greeting_has_one_honorific(name: str, greeted: str) -> None:
    assert greeting(name, "ja") == greeted


@pytest.mark.parametrize("name", ["", " ", "\u3000", "\u200b\u200e", "\u3164", "\u2800", "\n\t"])
def test_nobody_is_called_by_a_name_that_shows_nothing(name: str) -> None:
    assert greeting(name, "ja") == ""
    assert greeting(name, "en") == ""


def test_an_english_greeting_is_the_name_alone() -> None:
    assert greeting("Sakura", "en") == "Sakura"
    assert greeting("さくら", "en") == "さくら"


def test_marks_that_turn_the_writing_direction_are_left_out() -> None:
    assert greeting("さ\u202eくら", "ja") == "さくらさん"


def test_a_long_name_is_cut_between_what_people_see_as_characters() -> None:
    cut = shown_name(FAMILY * 300)
    assert cut == FAMILY * (NAME_MAX - 1) + "…"


@pytest.mark.parametrize(
    "character",
    ["🇯🇵", "👍🏽", "は\u3099", "1\ufe0f\u20e3", "🏴\U000e0067\U000e0062\U000e007f", FAMILY, "❤️"],
)
def test_a_character_made_of_several_is_never_cut_in_two(character: str) -> None:
    kept = shown_name(character * (NAME_MAX + 5)).removesuffix("…")
    assert kept == character * (NAME_MAX - 1)
    assert shown_name(character * NAME_MAX) == character * NAME_MAX


def test_an_emoji_cut_off_elsewhere_leaves_no_joiner_behind() -> None:
    assert shown_name("さくら👨\u200d") == "さくら👨"


@given(st.text(max_size=400))
def test_any_name_at_all_can_be_greeted_in_one_short_line(name: str) -> None:
    greeted = greeting(name, "ja")
    assert "\n" not in greeted
    assert greeted == greeted.strip()
    assert greeting(name, "ja") == greeting(shown_name(name), "ja")


@pytest.mark.parametrize(
    ("name", "formally"),
    [
        ("さくら", "さくら様"),
        ("さくらさん", "さくら様"),
        ("田中様", "田中様"),
        ("田中さま🌸", "田中様"),
        ("みーちゃん", "みーちゃん様"),
        ("山田先生", "山田先生"),
        ("さん", "さん様"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_at_the_counter_and_on_paper_everybody_is_called_sama(name: str, formally: str) -> None:
    assert formal(name, "ja") == formally


def test_a_name_in_english_stands_alone() -> None:
    assert formal("Sakura", "en") == "Sakura"


@pytest.mark.parametrize(
    ("name", "stands_for_it"),
    [
        ("さくら", "さ○○さま"),
        ("田村様", "田○○さま"),
        ("ﾊﾅｺ", "ハ○○さま"),
        ("🌸emma", "E."),
        ("Momo", "M."),
        ("12 🌸", ""),
    ],
)
def test_a_name_that_is_not_to_be_read_leaves_its_first_letter(
    name: str, stands_for_it: str
) -> None:
    assert initial(name) == stands_for_it
