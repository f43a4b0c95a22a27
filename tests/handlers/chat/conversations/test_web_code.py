"""A code for a web shop in the chat: asked once, handed over to be copied, found again."""

from typing import Any

from bot.store.history.reward_codes import SEALED_FOR
from handlers.actions.programme.reward_codes import add_codes
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.record import Request, record
from rules.activity import Adjustment

from ..conftest import Message, Person, World, actions, taps, words

WITH_CODES = ("value_yen = 100\n", "value_yen = 100\ncodes = { low = 1 }\n")


def shopper(world: World, *codes: str) -> Person:
    """Somebody with 150 points, in a club whose ¥100 off is a code of these."""
    world.publish(WITH_CODES)
    person = world.member()
    with world.club.work(Actor(1, "Boss", "owner", "ekimae"), key="test:codes") as work:
        sealed = [world.club.codes.seal(SEALED_FOR, code) for code in codes]
        assert add_codes(work, "off_100", sealed).refused is None
        rich = Request(person.card.id, Adjustment(100), world.now())
        assert record(work.acting("staff").under("test:rich"), rich).done
    return person


def copied(messages: list[Message]) -> list[Any]:
    found = (action for message in messages for action in actions(message))
    return [action["clipboardText"] for action in found if action["type"] == "clipboard"]


def test_the_code_is_asked_for_once_copied_with_a_tap_and_found_again(world: World) -> None:
    person = shopper(world, "SPRING-1", "SPRING-2")
    asked = person.tap_data(taps(person.tap("rewards"))["コードを受け取る"])
    assert "100ポイントを使います" in words(asked)
    assert person.card.facts.balance == 150
    yes = taps(asked)["はい、受け取ります"]
    given = person.tap_data(yes)
    assert "SPRING-1" in words(given)
    assert copied(given) == ["SPRING-1"]
    assert person.card.facts.balance == 50
    again = person.tap_data(yes)
    assert "SPRING-2" not in words(again)
    assert copied(again) == ["SPRING-1"]
    assert person.card.facts.balance == 50


def test_who_has_too_few_points_is_told_and_gets_none(world: World) -> None:
    person = shopper(world, "SPRING-1")
    person.tap_data(taps(person.tap("code", reward="off_100"))["はい、受け取ります"])
    assert "まだ足りません" in words(person.tap("code", reward="off_100"))
    assert copied(person.tap("rewards")) == ["SPRING-1"]


def test_where_no_code_is_left_nothing_is_offered(world: World) -> None:
    person = shopper(world)
    assert "コードを受け取る" not in taps(person.tap("rewards"))
    assert copied(person.tap("code", reward="off_100", yes=1)) == []
    assert person.card.facts.balance == 150


def test_a_reward_of_the_counter_is_no_code(world: World) -> None:
    person = shopper(world, "SPRING-1")
    assert copied(person.tap("code", reward="cookie", yes=1)) == []
