"""The shop's own words: what may stand in them, and what is then said."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.base import LANGS, Lang
from rules.characters import graphemes
from rules.own_texts import OwnText
from rules.programme.programme import Programme
from rules.wording.own.fitting import chosen, misfit, unknown
from rules.wording.own.offered import offered, one_and_other, placeholders_of, room_of
from rules.wording.own.samples import sample_filled
from rules.wording.texts import say, text_of
from rules.wording.words import Words
from tests.rules.examples import CAFE, programme

PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["{name}", "{points}", "{points:one}", "{count}", "{until}", "{", "}", "{{", "{}", "{0}",
         "{name!r}", "{name:>9}", "{points.x}", "{shop}", "\n", "\u202e", "\0", "🎁", "{nobody}"]
    ),
)  # fmt: skip


def with_words(*own: dict[str, str]) -> Programme:
    said = tuple(OwnText.model_validate(each) for each in own)
    return programme(CAFE).model_copy(update={"words": said})


def fault(key: str, said: str, lang: Lang = "ja", form: Any = "") -> str:
    found = misfit(lang, key, form, said)
    return found.code if found else ""


@given(st.sampled_from(sorted(offered())), st.sampled_from(LANGS), st.lists(PIECES, max_size=8))
def test_what_is_accepted_can_be_said_and_has_room(key: str, lang: Lang, pieces: list[str]) -> None:
    said = "".join((*(f"{{{name}}}" for name in placeholders_of(lang, key)), *pieces)).strip()
    if not said:
        return
    found = misfit(lang, key, "", said)
    if found is not None:
        for each in LANGS:
            assert say(each, f"problem.{found.code}", **found.values)
        return
    filled = sample_filled(lang, said)
    room = room_of(lang, key)
    assert len(graphemes(filled)) <= room.most
    assert room.lines or "\n" not in filled
    assert "\0" not in filled
    own = with_words({"id": key, lang: said})
    assert one_and_other(chosen(own, lang, key))[0].strip() == said


@pytest.mark.parametrize("lang", LANGS)
def test_ours_fit(lang: Lang) -> None:
    for key in offered():
        for form, text in zip(("", "one"), one_and_other(text_of(lang, key)), strict=True):
            assert not text or fault(key, text, lang, form) == "", key


@pytest.mark.parametrize(
    ("key", "said", "code"),
    [
        ("chat.talk.hello", "{name}、いらっしゃい！", ""),
        ("chat.talk.hello", "{name}、{shop}の{points}です", "word_no_placeholder"),
        ("chat.talk.hello", "いらっしゃい！", "word_placeholder"),
        ("chat.talk.hello", "{name}{nobody}", "word_no_placeholder"),
        ("chat.talk.hello", "{name", "word_braces"), ("chat.talk.hello", "{name!r}", "word_braces"),
        ("chat.talk.hello", "{name:>99}", "word_braces"),
        ("chat.talk.hello", "{name.__class__}", "word_braces"),
        ("chat.talk.hello", "{name}\0", "word_control"),
        ("chat.talk.hello", "{name}\u202e", "word_control"),
        ("chat.talk.hello", "{name}" + "あ" * 500, "word_long"),
        ("chat.button.card", "あ" * 21, "word_long"),
        ("chat.button.card", "会員\n証", "word_lines"),
        ("card.no_rank", "お友だち", ""), ("chat.rewards.title", "{points}のごほうび", ""),
        ("chat.rewards.title", "{points:two}", "word_braces"),
    ],
)  # fmt: skip
def test_what_may_stand_in_a_text(key: str, said: str, code: str) -> None:
    assert fault(key, said) == code


def test_only_a_text_with_a_form_for_one_has_one() -> None:
    assert fault("chat.talk.hello", "{name}", "ja", "one") == "word_one_form"
    assert fault("chat.rewards.left", "One {points:one} yet", "en", "one") == ""
    assert fault("chat.rewards.left", "{points} yet", "en") == "word_placeholder"


def test_what_is_no_text_of_members_and_what_protects_them_is_refused() -> None:
    codes = {
        key: no.code if (no := unknown(key)) else ""
        for key in (
            "chat.talk.hello",
            "chat.sms.wording",
            "staff.skip",
            "chat.nothing",
            "owner.title",
        )
    }
    assert codes == {
        "chat.talk.hello": "", "chat.sms.wording": "word_protected", "staff.skip": "word_unknown",
        "chat.nothing": "word_unknown", "owner.title": "word_unknown",
    }  # fmt: skip


def test_one_language_alone_leaves_the_other_as_it_is() -> None:
    own = with_words({"id": "chat.talk.hello", "ja": "{name}、いらっしゃい！"})
    assert Words(own, "ja").say("chat.talk.hello", name="さくら") == "さくら、いらっしゃい！"
    assert Words(own, "en").say("chat.talk.hello", name="Sakura") == "Hello, Sakura!"
    assert (
        Words(programme(CAFE), "ja").say("chat.talk.hello", name="さくら") == "さくら、こんにちは！"
    )


def test_each_form_is_said_otherwise_by_itself() -> None:
    own = with_words({"id": "chat.rewards.left", "en_one": "Just one {points:one}"})
    words = Words(own, "en")
    assert words.say("chat.rewards.left", count=1) == "Just one point"
    assert words.say("chat.rewards.left", count=2) == "2 points left"


def test_parts_of_sentences_keep_their_blanks() -> None:
    own = with_words({"id": "explain.limit.most", "en": ", not more than {limits}"})
    ours = text_of("en", "explain.limit.most")
    assert isinstance(ours, str)
    assert chosen(own, "en", "explain.limit.most") == ", not more than {limits}"
    given = with_words({"id": "chat.newsletter.given", "en": "{amount} as our thanks."})
    assert chosen(given, "en", "chat.newsletter.given") == " {amount} as our thanks."


def test_what_an_older_version_says_that_does_not_fit_any_more_is_not_said() -> None:
    """Texts of ours may change: what was published stays readable, and ours is said."""
    broken = with_words(
        {"id": "chat.talk.hello", "ja": "{nobody}、いらっしゃい！"},
        {"id": "chat.sms.wording", "ja": "何も聞かずに送ります"},
        {"id": "chat.was_there_once", "ja": "むかし"},
    )
    words = Words(broken, "ja")
    assert words.say("chat.talk.hello", name="さくら") == "さくら、こんにちは！"
    assert chosen(broken, "ja", "chat.sms.wording") == text_of("ja", "chat.sms.wording")
    with pytest.raises(KeyError):
        words.say("chat.was_there_once")


def test_a_section_for_a_script_has_them_too() -> None:
    own = with_words({"id": "menu.rewards", "ja": "ごほうび"})
    assert Words(own, "ja").section("menu")["rewards"] == "ごほうび"
