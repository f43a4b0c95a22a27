"""The fan steps in the chat: the invitation answered, late, twice and the other way round."""

from datetime import timedelta

import pytest

from bot.store.history import history
from rules.activity import FanStepsAnswered
from rules.base import LANGS, Lang
from tests.rules.examples import CAFE

from ..conftest import Person, World, taps, words

DAY = timedelta(days=1)


def comes(world: World, person: Person, often: int) -> str:
    """What the last of so many visits, a day each, is answered with."""
    said = ""
    for _ in range(often):
        said = words(person.check_in())
        world.travel(DAY)
    return said


@pytest.mark.parametrize("lang", LANGS)
def test_the_third_visit_asks_and_a_yes_shows_the_ladder(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    comes(world, person, 2)
    found = taps(person.check_in())
    yes, no = {
        "ja": ("ステップをはじめる", "今回はやめておく"),
        "en": ("Begin the steps", "Not this time"),
    }[lang]
    assert {yes, no} <= found.keys()
    said = words(person.tap_data(found[yes]))
    for step in {
        "ja": (
            "ステップ開始後のご来店",
            "プロフィールのご登録",
            "イベントへのご参加",
            "あと3つです",
        ),
        "en": ("A visit after you begin", "Your profile", "Coming to an event", "3 steps left"),
    }[lang]:
        assert step in said
    world.travel(DAY)
    said = words(person.check_in())
    assert {"ja": "ステップ 1/3。つぎは", "en": "steps: 1 of 3"}[lang] in said
    assert {"ja": "つぎは「プロフィールのご登録」", "en": "Next: Your profile"}[lang] in said
    assert {"ja": "済み", "en": "Done"}[lang] in words(
        person.write({"ja": "ファンステップ", "en": "fan steps"}[lang])
    )


def test_a_no_is_answered_kindly_and_never_asked_again_by_itself(world: World) -> None:
    person = world.member()
    comes(world, person, 3)
    said = person.tap("fan_steps_decline")
    assert "承知しました" in words(said)
    assert "お気軽にお越しください" in words(said)
    assert "ファン" not in comes(world, person, 3).replace("ブロンズファン", "").replace(
        "シルバーファン", ""
    )
    shown = person.write("ファンステップ")
    assert "いつでも始められます" in words(shown)
    assert "今回はやめておく" not in taps(shown)
    assert "始まりました" in words(person.tap_data(taps(shown)["ステップをはじめる"]))


def test_a_button_tapped_twice_or_late_or_after_the_other_says_how_it_stands(world: World) -> None:
    person = world.member()
    comes(world, person, 3)
    assert "始まりました" in words(person.tap("fan_steps_begin"))
    world.travel(DAY)
    again = words(person.tap("fan_steps_begin"))
    assert "始まりました" not in again
    assert "あと3つです" in again
    assert "承知しました" in words(person.tap("fan_steps_decline"))
    assert "承知しました" in words(person.tap("fan_steps_decline"))
    assert "始まりました" in words(person.tap("fan_steps_begin"))
    assert answers(world, person) == [True, False, True]


def test_who_was_not_invited_is_told_when_that_will_be(world: World) -> None:
    person = world.member()
    comes(world, person, 1)
    said = words(person.write("ファンステップ"))
    assert "ひと月に3回ご来店いただくと、ご招待します。今月はあと2回です" in said
    assert "ご招待の前です" in words(person.tap("fan_steps_begin"))
    assert answers(world, person) == []


def test_a_button_of_a_club_that_has_no_fan_steps_any_more_says_so(world: World) -> None:
    person = world.member()
    comes(world, person, 3)
    world.publish(('steps = ["visit", "profile", "event"]\n', ""))
    assert "あと2つです" in words(person.tap("fan_steps_begin"))
    world.publish_text(without())
    for said in (person.tap("fan_steps_begin"), person.write("ファンステップ")):
        assert "おこなっておりません" in words(said)


def without() -> str:
    """The café without fan steps, their badge and the message of them."""
    text = CAFE
    for begins, ends in (
        ("[fan_steps] ", "[sending] "),
        ('[[badges]]\nid = "fan"', "[[badges]]"),
        ('[[journeys]]\nkind = "fan_steps"', ""),
    ):
        first = text.index(begins)
        last = text.index(ends, first + len(begins)) if ends else len(text)
        text = text[:first] + text[last:]
    return text


def test_the_last_step_in_the_chat_brings_the_badge_in_its_answer(any_world: World) -> None:
    any_world.publish(('steps = ["visit", "profile", "event"]', 'steps = ["profile"]'))
    person = any_world.member()
    comes(any_world, person, 3)
    person.tap("fan_steps_begin")
    person.write("誕生日")
    said = words(person.write("5/12"))
    saved = words(person.tap_data(next(iter(taps(person.write("5/12")).values()))))
    assert "バッジ「認定ファン」を獲得" in said + saved
    assert "ファンに認定しました" in words(person.write("ファンステップ"))
    assert "ファンに認定しました" in words(person.tap("fan_steps_decline")), "a fan stays one"


def answers(world: World, person: Person) -> list[bool]:
    with world.club.store.read() as uow:
        past = history.of(uow, person.card.id)
    whats = [each.activity.what for each in past]
    return [what.accepted for what in whats if isinstance(what, FanStepsAnswered)]
