"""Who speaks for a shop: only names that LINE takes."""

import pytest

from rules.checking.reading import InvalidProgramme, parse
from tests.rules.examples import CAFE, changed, programme


def with_voice(line: str) -> str:
    return changed(CAFE, ("\n[points]", f"\n[voice]\n{line}\n\n[points]"))


def test_a_shop_without_one_says_nothing_of_it() -> None:
    voice = programme(CAFE).voice
    assert (voice.sender, voice.icon, voice.story) == (None, None, None)


def test_english_falls_back_to_the_japanese_name() -> None:
    sender = programme(with_voice('sender = { ja = "店主の ゆき" }')).voice.sender
    assert sender is not None
    assert (sender.in_("ja"), sender.in_("en")) == ("店主の ゆき", "店主の ゆき")


def test_the_first_line_of_a_story_opens_it() -> None:
    story = programme(with_voice('story = { ja = "坂の上の店です。\\n\\nどうぞ。" }')).voice.story
    assert story is not None
    assert story.opening("en") == "坂の上の店です。"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("あ" * 21, "20"),
        ("☕️" * 11, "20"),
        ("😀" * 11, "20"),
        ("喫茶LINE", "LINE"),
        ("ｌｉｎｅ担当", "LINE"),
        ("", ""),
    ],
)
def test_a_name_that_line_refuses_is_refused_before(name: str, says: str) -> None:
    read = parse(with_voice(f'sender = {{ ja = "{name}" }}'))
    assert isinstance(read, InvalidProgramme)
    (problem,) = read.problems
    assert problem.path.startswith("voice.sender")
    assert says in problem.message("ja")


def test_a_name_that_fills_its_room_is_taken() -> None:
    assert programme(with_voice(f'sender = {{ ja = "{"😀" * 10}" }}')).voice.sender
