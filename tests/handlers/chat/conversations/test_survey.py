"""Why somebody stays away: asked in the chat, answered at a tap or in words, read by the staff."""

from datetime import timedelta

import pytest

from bot.store.messages.inbox import Letter
from handlers.chat.conversations.survey import REASONS
from rules.base import LANGS, Lang
from rules.wording.texts import say
from tests.handlers.letters import unanswered

from ..conftest import World, event, taps, text_event, words


def _letters(world: World) -> list[Letter]:
    with world.club.store.read() as uow:
        return unanswered(uow)


@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_stands_there_to_be_chosen_and_so_does_not_answering(
    world: World, lang: Lang
) -> None:
    said = world.member("Sakura", lang).tap("survey")
    assert len(said) == 1
    for reason in REASONS:
        assert say(lang, f"chat.survey.reason.{reason}") in words(said)
    assert taps(said)[say(lang, "chat.button.survey_none")] == "do=survey&reason=none"


def test_a_reason_and_the_words_after_it_go_to_the_staff_and_earn_nothing(world: World) -> None:
    person = world.member()
    before = person.card.facts
    person.tap("survey")
    assert "スタッフに届けました" in words(person.tap("survey", reason="far"))
    said = words(person.write("となりの市に引っ越しました。ありがとう"))
    assert "大切に読ませていただきます" in said
    assert world.letters() == [
        ("survey", "引っ越した・遠くなった"), ("survey", "となりの市に引っ越しました。ありがとう"),
    ]  # fmt: skip
    assert person.card.facts == before


def test_a_complaint_is_said_sorry_for_and_marked(world: World) -> None:
    person = world.member()
    person.tap("survey")
    assert "申し訳ありません" in words(person.tap("survey", reason="service"))
    person.write("珈琲がぬるかったです")
    world.travel(timedelta(minutes=1))
    person.write("Wi-Fiはありますか")
    assert [(letter.text, letter.complaint) for letter in _letters(world)] == [
        ("商品・サービスが気になる", True),
        ("珈琲がぬるかったです", True),
        ("Wi-Fiはありますか", False),
    ]


def test_own_words_are_an_answer_without_a_reason(world: World) -> None:
    person = world.member()
    person.tap("survey")
    assert "大切に読ませていただきます" in words(person.write("ありがとう"))
    assert world.letters() == [("survey", "ありがとう")]


def test_each_absence_is_answered_once(world: World) -> None:
    person = world.member()
    person.tap("survey", reason="busy")
    assert "お返事はスタッフに届いています" in words(person.tap("survey", reason="price"))
    assert "お返事はスタッフに届いています" in words(person.tap("survey"))
    assert len(world.letters()) == 1
    world.travel(timedelta(days=1))
    person.check_in()
    world.travel(timedelta(days=80))
    person.tap("survey", reason="price")
    assert len(world.letters()) == 2


@pytest.mark.parametrize(
    ("reason", "heard"),
    [("none", "お気になさらないでください"), ("end", "大切に読ませていただきます")],
)
def test_who_says_no_more_is_thanked_and_not_listened_to_any_longer(
    world: World, reason: str, heard: str
) -> None:
    person = world.member()
    person.tap("survey")
    assert heard in words(person.tap("survey", reason=reason))
    assert world.letters() == []
    person.write("Wi-Fiはありますか")
    assert world.letters() == [("message", "Wi-Fiはありますか")]


def test_who_left_may_still_tell_why(world: World) -> None:
    person = world.member()
    person.tap("leave", yes=1)
    person.tap("survey", reason="far")
    assert world.letters() == [("survey", "引っ越した・遠くなった")]


def test_an_answer_that_is_unsent_is_gone(world: World) -> None:
    person = world.member()
    person.tap("survey")
    letter = text_event(person, "やっぱり見ないでください")
    world.post([letter])
    world.handle()
    assert len(world.letters()) == 1
    world.post([event(person, "unsend", unsend={"messageId": letter["message"]["id"]})])
    world.handle()
    assert world.letters() == []
