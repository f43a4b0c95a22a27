"""The shop's own words in the file: what can't be said is refused with its place."""

import pytest

from rules.checking.reading import InvalidProgramme, parse, review
from tests.rules.examples import CAFE


def told(words: str) -> list[tuple[str, str]]:
    found = review(f"{CAFE}\n{words}")
    problems = found.problems if isinstance(found, InvalidProgramme) else ()
    return [(problem.path, problem.code) for problem in problems]


def entry(key: str, **said: str) -> str:
    lines = "".join(f"{name} = {text!r}\n" for name, text in said.items())
    return f"[[words]]\nid = {key!r}\n{lines}"


def test_what_fits_is_taken() -> None:
    both = entry("chat.talk.hello", ja="{name}、ようこそ！") + entry(
        "chat.rewards.left", en_one="One {points:one} more", en="{count} {points} more"
    )
    assert told(both) == []


@pytest.mark.parametrize(
    ("words", "path", "code"),
    [
        (entry("chat.sms.wording", ja="同意"), ".id", "word_protected"),
        (entry("sms.text", ja="{shop}"), ".id", "word_protected"),
        (entry("chat.nobody", ja="だれ"), ".id", "word_unknown"),
        (entry("staff.skip", ja="本文へ"), ".id", "word_unknown"),
        (entry("journey.birthday.a.title", ja="{name}"), ".id", "word_unknown"),
        (entry("chat.talk.hello"), ".ja", "word_nothing"),
        (entry("chat.talk.hello", en="Hello"), ".en", "word_placeholder"),
        (entry("chat.talk.hello", ja_one="{name}"), ".ja_one", "word_one_form"),
        (entry("chat.talk.hello", ja="{name}" + "あ" * 600), ".ja", "word_long"),
    ],
)
def test_what_cannot_be_said_is_told_with_its_place(words: str, path: str, code: str) -> None:
    [(place, said)] = told(words)
    assert place.startswith("words[0] ")
    assert (place.endswith(path), said) == (True, code)


def test_one_text_is_said_once() -> None:
    twice = entry("chat.talk.hello", ja="{name}！") + entry("chat.talk.hello", ja="{name}？")
    assert [code for _, code in told(twice)] == ["used_twice"]


def test_what_was_published_before_stays_readable() -> None:
    assert not isinstance(parse(f"{CAFE}\n{entry('chat.gone', ja='もうない')}"), InvalidProgramme)
