"""What people type, and what it means to us."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from handlers.chat import intents
from handlers.chat.conversations import CONVERSATIONS
from rules.base import LANGS, Lang
from rules.wording.words import Words
from tests.rules.examples import cafe

_TABLE = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))
PHRASES: dict[str, list[str]] = _TABLE["understood"]


def understood(text: str) -> intents.IntentMatch | None:
    return intents.codes(text) or intents.whole(text) or intents.near(text)


@pytest.mark.parametrize(
    ("text", "intent"),
    [(text, intent) for intent, texts in PHRASES.items() for text in texts],
)
def test_a_wish_is_understood_however_it_is_written(text: str, intent: str) -> None:
    asked = understood(text)
    assert asked is not None
    assert asked.intent == intent


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert sum(len(texts) for texts in PHRASES.values()) >= 150


@pytest.mark.parametrize("text", [*_TABLE["for_staff"], "あ" * 5000])
def test_what_is_for_people_is_left_to_people(text: str) -> None:
    assert understood(text) is None


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "intent",
    ["card", "points", "rank", "badges", "history", "recap", "earn", "rewards", "profile",
     "language", "topics", "my_data", "help", "feedback", "survey", "referral", "check_in_how",
     "resume", "leave"],
)  # fmt: skip
def test_what_a_button_says_can_be_typed_as_well(intent: str, lang: Lang) -> None:
    asked = understood(Words(cafe(), lang).say(f"chat.button.{intent}"))
    assert asked is not None
    assert asked.intent == intent


def test_every_word_leads_to_a_conversation() -> None:
    assert set(intents._words().whole.values()) <= {
        *CONVERSATIONS, *(f"language.{lang}" for lang in LANGS), "sms.stop",
        "cancel.which", "topics.none", "ways.phone", "ways.mail", "ways.none",
    }  # fmt: skip


def test_no_phrase_is_claimed_by_two_conversations() -> None:
    claimed = intents.claims()
    assert {phrase: found for phrase, found in claimed.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("text", "to"), [("English", "en"), ("英語", "en"), ("日本語にして", "ja"), ("japanese", "ja")]
)
def test_a_language_is_chosen_by_its_name(text: str, to: str) -> None:
    assert understood(text) == intents.IntentMatch("language", {"to": to})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("チェックイン 7K2M-Q9XD", "7K2M-Q9XD"),
        ("ﾁｪｯｸｲﾝ　７Ｋ２Ｍ－Ｑ９ＸＤ", "7K2M-Q9XD"),
        ("チェックイン：7k2mq9xd", "7k2mq9xd"),
        ("checkin 7K2M-Q9XD", "7K2M-Q9XD"),
        ("Check-in: ABCDEFGH", "ABCDEFGH"),
        ("check in 7K2M Q9XD", "7K2M Q9XD"),
        ("チェックイン7K2M-Q9X", "7K2M-Q9X"),
        ("チェックイン 7K2MーQ9XD", "7K2M-Q9XD"),
        ("チェックイン 7K2M−Q9XD", "7K2M-Q9XD"),
        ("チェックイン 7K2M\u3164-Q9XD", "7K2M-Q9XD"),
    ],
)
def test_a_counter_code_is_found_in_its_message(text: str, code: str) -> None:
    assert intents.codes(text) == intents.IntentMatch("check_in", {"code": code})


@pytest.mark.parametrize(
    "text", ["チェックイン", "checkin please", "チェックインはどうやるの", "check in"]
)
def test_words_after_check_in_are_no_code(text: str) -> None:
    assert intents.codes(text) is None


@pytest.mark.parametrize(
    "text", ["紹介 6SM78D", "紹介コード 6sm78d", "Referral 6SM78D", "招待：６ＳＭ７８Ｄ"]
)
def test_a_friends_code_is_found_in_its_message(text: str) -> None:
    assert intents.codes(text) == intents.IntentMatch("referred", {"code": "6SM78D"})


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("1990-05-12", True), ("平成2年5月12日", True), ("19900512", True), ("S58.5.12", True),
        ("5/12", False), ("2030-01-01", False), ("1800-01-01", False), ("ポイント", False),
    ],
)  # fmt: skip
def test_a_whole_date_of_the_past_may_be_a_birthday(text: str, is_one: bool) -> None:
    assert intents.is_birthday(text, date(2026, 11, 23)) is is_one
