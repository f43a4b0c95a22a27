"""What members answer about themselves, read as they typed it."""

import pytest

from rules.base import Refusal
from rules.profile.answers import is_address, is_kana, is_short_name, read_answer, spaced_postcode
from rules.profile.steps import ProfileStep


def step(name: str, *choices: str) -> ProfileStep:
    return ProfileStep.model_validate(
        {
            "id": name,
            "purpose": {"ja": "お呼びするため"},
            "choices": [{"id": each, "name": {"ja": each}} for each in choices],
        }
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("山田花子", "山田花子"),
        (" 髙橋　花子\u200b ", "髙橋 花子"),
        ("Jean-Paul O'Neil", "Jean-Paul O'Neil"),
        ("佐々木 一", "佐々木 一"),
        ("ジョン・スミス", "ジョン・スミス"),
    ],
)
def test_a_name_is_kept_as_it_is_written(typed: str, kept: str) -> None:
    assert read_answer(step("name"), [typed]) == {"name": kept}
    assert is_short_name(typed)


@pytest.mark.parametrize("typed", ["", "090-1234-5678", "さくら🌸", "<b>花子</b>", "今日は？"])
def test_what_is_no_name_is_said_to_be_none(typed: str) -> None:
    assert read_answer(step("name"), [typed]) == Refusal("answer_name")


@pytest.mark.parametrize(
    "said", ["何時までですか", "予約したい", "a b c d e", "ー" * 5_000, "x" * 31]
)
def test_what_is_said_to_people_is_no_answer_to_who_they_are(said: str) -> None:
    assert not is_short_name(said)


@pytest.mark.parametrize("typed", ["やまだ　はなこ", "ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダ ハナコ"])
def test_a_reading_is_kept_in_katakana(typed: str) -> None:
    assert is_kana(typed)
    assert read_answer(step("kana"), [typed]) == {"kana": "ヤマダ ハナコ"}


def test_a_reading_has_nothing_but_kana() -> None:
    assert read_answer(step("kana"), ["山田 ハナコ"]) == Refusal("answer_kana")
    assert read_answer(step("kana"), ["ア" * 61]) == Refusal("profile_long")


@pytest.mark.parametrize(
    "typed",
    [
        ["〒150-0002 東京都渋谷区渋谷１丁目２−３　通いビル"],
        ["１５００００２", "東京都渋谷区渋谷1丁目2-3 通いビル"],
        ["150ー0002", " 東京都渋谷区渋谷1丁目2－3 通いビル"],
    ],
)
def test_an_address_has_its_postcode_apart(typed: list[str]) -> None:
    assert all(is_address(each) for each in typed[:1])
    found = read_answer(step("address"), typed)
    assert found == {"postcode": "1500002", "address": "東京都渋谷区渋谷1丁目2-3 通いビル"}
    assert spaced_postcode("1500002") == "〒150-0002"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("東京都渋谷区渋谷1-2-3", "answer_postcode"),
        ("150-00021 東京都渋谷区", "answer_postcode"),
        ("150-0002 渋谷区渋谷1-2-3", "answer_prefecture"),
        ("150-0002 東京都", "answer_address"),
        ("150-0002 東京都渋谷区" + "あ" * 200, "profile_long"),
    ],
)
def test_what_an_address_lacks_is_said(typed: str, code: str) -> None:
    assert read_answer(step("address"), [typed]) == Refusal(code)


def test_of_choices_one_is_taken_and_of_interests_any_number_in_the_shops_order() -> None:
    assert read_answer(step("area", "north", "south"), ["south"]) == {"area": "south"}
    for typed in ([], ["east"], ["north", "south"]):
        assert read_answer(step("area", "north", "south"), typed) == Refusal("answer_choice")
    interests = step("interests", "yoga", "swim", "sauna")
    assert read_answer(interests, ["sauna", "yoga"]) == {"interests": "yoga sauna"}
    assert read_answer(interests, []) == {"interests": ""}
    assert read_answer(interests, ["yoga", "golf"]) == Refusal("answer_choice")
