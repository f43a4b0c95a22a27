import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.wording.name_search import TERM_MAX, name_query, normalised, terms


def found(text: str, *names: str, numbers: tuple[str, ...] = (), phone: str | None = None) -> bool:
    """Whether somebody of these names and numbers is found by `text`."""
    known, looked_for = terms(names, numbers), name_query(text, phone)
    return bool(looked_for.parts) and all(
        any(part.start and term.startswith(part.start) for term in known)
        or bool(known & set(part.exactly))
        for part in looked_for.parts
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("高橋", "髙橋 花子"),
        ("髙槗", "高橋花子"),
        ("山崎", "山﨑"),
        ("斉藤", "齋藤"),
        ("斎藤", "齊藤"),
        ("渡辺", "渡邉"),
        ("渡邊", "渡辺"),
        ("浜田", "濵田"),
        ("沢", "深澤"),
        ("広", "廣田"),
        ("国", "國分"),
        ("神田", "神田"),
        ("佐々木", "佐佐木"),
        ("さくら", "サクラ🌸"),
        ("サクラ", "さくら"),
        ("ｻｸﾗ", "さくら"),
        ("みずき", "みづき"),
        ("しょうじ", "シヨウジ"),
        ("かまがや", "カマガヤ"),
        ("けーき", "ケキ"),
        ("花子", "髙橋 花子"),
        ("田中 花", "田中花子"),
        ("SAKURA", "ｓａｋｕｒａ"),
        ("jose", "José"),
        ("dorde", "Đorđe"),
        ("Łukasz", "Lukasz"),
        ("soren", "Søren"),
        ("いすず", "いすゞ"),
        ("こころ", "こゝろ"),
        ("ミスズ", "ミスヾ"),
        ("김민", "김\u3164민"),
        ("さくら", "さ\ufe0fく\u200bら"),
        ("橋", "高橋"),
        ("田村和子様", "田村 和子"),
        ("田村 様", "田村和子"),
        ("田村さん", "田村 和子"),
        ("和子 田村", "田村 和子"),
        ("和子\u3000田村様", "田村和子"),
        ("ｶｽﾞｺ ﾀﾑﾗ", "たむら かずこ"),
        ("たむら 和子", "田村 和子"),
        ("高 橋", "髙橋 花子"),
        ("Ms. Tamura", "Kazuko Tamura"),
        ("tamura-san", "Kazuko Tamura"),
        ("みーちゃん", "みーちゃん"),
        ("さくらさん", "さくら🌸"),
        ("様", "様々"),
        ("王君", "王君"),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, name: str) -> None:
    assert found(text, name, *(["たむら かずこ"] if "和子" in name else []))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("田村", "田中"),
        ("ハナコ", "花子"),
        ("か", "かなこ"),
        ("かさん", "かなこ"),
        ("", "花"),
        ("🌸", "さくら"),
        ("和子 田中", "田村 和子"),
        ("さくら 花子", "さくら"),
    ],
)
def test_another_name_a_lone_kana_and_nothing_find_nobody(text: str, name: str) -> None:
    assert not found(text, name)


CARD, PHONE = "4820117736", "+819012345678"


@pytest.mark.parametrize(
    "text", ["4820117736", "482 011 7736", "４８２０１１７７３６", "7736", "5678"]
)
def test_a_number_is_found_whole_and_by_its_last_four_digits(text: str) -> None:
    assert found(text, "さくら", numbers=(CARD, PHONE))


@pytest.mark.parametrize("text", ["773", "4820", "0117", "736", "82 011 7736"])
def test_parts_of_a_number_find_nobody(text: str) -> None:
    assert not found(text, "さくら", numbers=(CARD, PHONE))


def test_a_telephone_number_is_found_by_its_one_form() -> None:
    assert found("090-1234-5678", "さくら", numbers=(CARD, PHONE), phone=PHONE)
    assert not found("090-1234-5678", "さくら", numbers=(CARD,), phone=PHONE)


def test_a_name_and_the_end_of_a_number_find_the_one_of_two() -> None:
    assert found("田村様 7736", "田村和子", numbers=(CARD,))
    assert not found("田村 7736", "田村和子", numbers=("1234567890",))


def test_digits_in_a_name_are_part_of_it() -> None:
    assert found("2000", "さくら2000")
    assert not found("2000", "さくら", numbers=("2000117736",))


@given(st.text(max_size=80))
def test_what_is_compared_is_short_and_compares_the_same_again(text: str) -> None:
    once = normalised(text)
    assert len(once) <= TERM_MAX
    assert normalised(once) == once


@given(st.text(alphabet="髙橋さくらﾊﾅコ 斎ー子", min_size=1, max_size=12), st.data())
def test_somebody_is_found_by_any_part_of_their_name(name: str, data: st.DataObject) -> None:
    whole = normalised(name)
    start = data.draw(st.integers(0, max(0, len(whole) - 2)))
    end = data.draw(st.integers(min(start + 2, len(whole)), len(whole)))
    part = whole[start:end]
    if len(part) > 1:
        assert found(part, name)


@pytest.mark.parametrize("number", [CARD, CARD[-4:], "090-1234-5678"])
def test_a_number_copied_out_of_a_telephone_is_found(number: str) -> None:
    # As iOS wraps numbers, Windows' Contacts and a file's first line.
    for copied in (f"\u202a{number}\u202c", f"\u2068{number}\u2069", f"\ufeff{number}\u200b"):
        assert found(copied, "さくら", numbers=(CARD, PHONE), phone=PHONE)
