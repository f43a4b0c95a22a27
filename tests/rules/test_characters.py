"""What people type is understood in any width, with any keyboard's hyphens and invisible marks."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.characters import (
    HYPHENS,
    as_scanned,
    as_typed,
    graphemes,
    hyphened,
    letters_and_digits,
    one_width,
    plain_latin,
    spaced_number,
    spelled_out,
    visible,
    whole_number,
    with_figures,
    without_marks,
)
from tests.rules.examples import ROOT

SCRIPTS = ROOT / "handlers" / "pages" / "static" / "staff" / "js"
FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize("hyphen", [*HYPHENS, "－", "ｰ", "﹣", " ", "\u3000", "."])
def test_a_number_is_the_same_with_whatever_stands_between_its_parts(hyphen: str) -> None:
    assert without_marks(as_typed(f"482{hyphen}011{hyphen}7736")) == "4820117736"


def test_full_width_and_invisible_marks_make_no_other_text() -> None:
    assert as_typed("\u202a ４８２０１１７７３６\u202c\n") == "4820117736"
    assert one_width("ｻｸﾗ７Ｋ２") == "サクラ7K2"
    assert visible("48\u200b20") == "4820"


#: What hand scanners make of CARD: AIM's sign of a QR code, also as keyboards of other countries
#: and an input method type its bracket; the code twice or more in one run; full-width letters.
CARD = "KEQ7A2ZMF4D5T6QX"
AS_SCANNED = (
    *(
        f"{sign}{CARD}"
        for sign in ("]Q1", "]C1", "]d2", "[Q1", "\\Q3", "}q1", "「Ｑ１", "￥Q1", "］Q1")
    ),
    *(CARD * 2, f"{CARD}\r\n{CARD}\n", CARD * 3, f"]Q1{CARD}]Q1{CARD}", f"]Q1{CARD * 2}"),
    *(f" {CARD}\r", f"\ufeff{CARD}", "".join(chr(ord(letter) + 0xFEE0) for letter in CARD)),
)


@pytest.mark.parametrize("text", AS_SCANNED)
def test_a_code_is_the_same_whatever_a_scanner_adds(text: str) -> None:
    assert as_scanned(text) == CARD


@pytest.mark.parametrize(
    ("text", "code"),
    [("1234512345", "1234512345"), ("]E04901234567894", "4901234567894"), ("ABABABAB", "ABABABAB"),
     ("4820117736" * 2, "4820117736"), ("", ""), ("]Q1", ""), ("山田 花子", "山田 花子")],
)  # fmt: skip
def test_what_repeats_itself_and_what_is_short_stays_whole(text: str, code: str) -> None:
    assert as_scanned(text) == code


def test_one_hyphen_stands_wherever_something_else_does() -> None:
    assert hyphened("００１２ー0034") == hyphened(" 0012 - 0034") == "0012-0034"
    assert hyphened("１-23a") == "1-23A"
    assert hyphened("12‐3") == "12-3"
    assert hyphened("###") == ""


def test_letters_and_digits_are_all_that_tells_two_codes_apart() -> None:
    assert letters_and_digits("７k2-m9q ーxdf.") == "7K2M9QXDF"


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("1234", 1234), ("12345", None), ("", None), ("-1", None),
     ("٣", None), ("²", None), ("1 0", None)],
)  # fmt: skip
def test_a_whole_number_is_plain_digits(text: str, number: int | None) -> None:
    assert whole_number(text, 4) == number


@pytest.mark.parametrize("piece", ["🇯🇵", "👍🏽", "は\u3099", "1\ufe0f\u20e3", FAMILY, "❤️", "a"])
def test_what_a_reader_takes_for_one_character_is_one(piece: str) -> None:
    assert graphemes(f"x{piece}y") == ["x", piece, "y"]


@given(st.text())
def test_no_letter_is_lost_between_the_pieces(text: str) -> None:
    assert "".join(graphemes(text)) == text


def test_a_cards_number_is_grouped_alike_on_pages_and_in_scripts() -> None:
    assert spaced_number("4820117736") == "482 011 7736"
    assert r'replace(/^(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3")' in (SCRIPTS / "result.js").read_text()


def test_the_scripts_know_the_same_hyphens() -> None:
    script = (SCRIPTS / "codes.js").read_text(encoding="utf-8")
    found = re.search(r"replace\(/\[\\s\\-(.*?)\.\\p\{Cf\}\]/gu", script)
    assert found
    assert re.fullmatch(rf"[{found[1]}-]+", HYPHENS)


@pytest.mark.parametrize("hyphen", [*HYPHENS, "－", "ｰ"])
def test_what_any_keyboard_has_for_a_hyphen_is_one_between_letters_and_digits(hyphen: str) -> None:
    assert as_typed(f"7K2M{hyphen}Q9XD") == "7K2M-Q9XD"
    assert as_typed("カード") == "カード"


@pytest.mark.parametrize(
    "blank", ["\u200b", "\u3164", "\u115f", "\uffa0", "\u2800", "\ufe0f", "\u034f"]
)
def test_letters_that_show_nothing_are_none(blank: str) -> None:
    assert as_typed(f"カ{blank}ード{blank}") == "カード"


@pytest.mark.parametrize(
    ("text", "plain"),
    [("三十三", "33"), ("一九九〇", "1990"), ("十二", "12"), ("二十", "20"), ("千九百九十", "1990"),
     ("5", "5")],
)  # fmt: skip
def test_kanji_numerals_are_figures(text: str, plain: str) -> None:
    assert with_figures(text) == plain


def test_marks_of_repetition_are_written_out_and_letters_lose_their_strokes() -> None:
    assert spelled_out("佐々木いすゞこゝろミスヾ") == "佐佐木いすずこころミスズ"
    assert spelled_out("ゝ") == "ゝ"
    assert plain_latin("đłøéæ") == "dloeae"
