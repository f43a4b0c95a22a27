"""LINE delivers again in another order than things happened: the newest state wins, not the last
to arrive. Two signed webhooks each, the older one second."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from bot.sms import SmsDoor
from bot.store.members import consents, members
from handlers.chat import postbacks
from tests.handlers.chat.conftest import Person, World, event, open_world, text_event

MINUTE = 60_000


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        # One that can send SMS.
        door = SmsDoor("AC", "t", "KAYOI", "http://127.0.0.1:9")
        object.__setattr__(opened.club, "sms", door)
        yield opened


@pytest.fixture
def sakura(world: World) -> Person:
    person = world.member()
    world.travel(timedelta(minutes=10))
    return person


def arrives(world: World, *events: dict[str, Any]) -> None:
    """Each in a webhook of its own, and handled before the next."""
    for each in events:
        assert world.post([each]) == 200
        world.handle()


def earlier(later: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The same a minute before, delivered again."""
    again = {
        "deliveryContext": {"isRedelivery": True},
        "webhookEventId": f"01OLD{uuid4().hex[:20]}",
    }
    return later | {"timestamp": later["timestamp"] - MINUTE} | again | more


def tap(person: Person, intent: str, **params: str | int) -> dict[str, Any]:
    return event(person, "postback", postback={"data": postbacks.data(intent, **params)})


def test_a_block_from_before_a_return_does_not_silence_anybody(
    world: World, sakura: Person
) -> None:
    sakura.block()
    world.travel(timedelta(minutes=5))
    back = event(sakura, "follow", follow={"isUnblocked": True})
    arrives(world, back, earlier(event(sakura, "unfollow")))
    assert sakura.account is not None
    assert not sakura.account.blocked


def test_a_block_from_before_a_message_does_not_either(world: World, sakura: Person) -> None:
    arrives(world, text_event(sakura, "カード"), earlier(event(sakura, "unfollow")))
    assert sakura.account is not None
    assert not sakura.account.blocked


def test_a_message_from_before_a_block_does_not_undo_it(world: World, sakura: Person) -> None:
    gone = event(sakura, "unfollow")
    arrives(world, gone, earlier(text_event(sakura, "カード")))
    assert sakura.account is not None
    assert sakura.account.blocked


#: Two changes at one moment, the more careful one second, and whether that holds.
AT_ONE_MOMENT: dict[str, tuple[Callable[[Person], dict[str, Any]], ...]] = {
    "block": (
        lambda who: event(who, "follow", follow={"isUnblocked": True}),
        lambda who: event(who, "unfollow"),
    ),
    "topic": (
        lambda who: tap(who, "topics", topic="ranks", on=1),
        lambda who: tap(who, "topics", topic="ranks", on=0),
    ),
    "sms": (
        lambda who: tap(who, "sms", save="+819012345678"),
        lambda who: tap(who, "sms", to="stop"),
    ),
}


@pytest.mark.parametrize("careful_first", [True, False])
@pytest.mark.parametrize("what", AT_ONE_MOMENT)
def test_of_two_changes_at_one_moment_the_more_careful_counts(
    world: World, sakura: Person, what: str, careful_first: bool
) -> None:
    free, careful = (made(sakura) for made in AT_ONE_MOMENT[what])
    careful |= {"timestamp": free["timestamp"]}
    arrives(world, *((careful, free) if careful_first else (free, careful)))
    assert sakura.account is not None
    assert sakura.account.blocked == (what == "block")
    assert ("ranks" in sakura.card.topics_left) == (what == "topic")
    assert not agreed(world, sakura)


def test_of_erasing_and_a_message_at_one_moment_erasing_counts(
    world: World, sakura: Person
) -> None:
    *steps, last = (tap(sakura, "erase", **step) for step in ({}, {"step": 1}, {"step": 2}))
    said = text_event(sakura, "カード") | {"timestamp": last["timestamp"]}
    arrives(world, *steps, last)
    assert sakura.account is None
    arrives(world, said)
    assert sakura.account is None


def agreed(world: World, person: Person) -> bool:
    with world.club.store.read() as uow:
        return consents.sms_agreed_at(uow, person.card.id) is not None


def test_sms_that_were_stopped_since_stay_stopped(world: World, sakura: Person) -> None:
    stop, agree = tap(sakura, "sms", to="stop"), tap(sakura, "sms", save="+819012345678")
    arrives(world, stop, earlier(agree))
    assert not agreed(world, sakura)
    world.travel(timedelta(minutes=5))
    arrives(world, tap(sakura, "sms", save="+819012345678"), earlier(stop))
    assert agreed(world, sakura)


@pytest.mark.parametrize(
    ("change", "read", "after"),
    [
        (
            lambda who, on: tap(who, "topics", topic="ranks", on=on),
            lambda member: "ranks" in member.topics_left,
            {0: True, 1: False},
        ),
        (
            lambda who, on: tap(who, "language", to=("ja", "en")[on]),
            lambda member: member.language,
            {0: "ja", 1: "en"},
        ),
    ],
    ids=["topic", "language"],
)
@pytest.mark.parametrize("newest", [0, 1])
def test_the_newest_choice_counts(
    world: World,
    sakura: Person,
    change: Callable[[Person, int], dict[str, Any]],
    read: Callable[[members.Member], object],
    after: dict[int, object],
    newest: int,
) -> None:
    arrives(world, change(sakura, newest), earlier(change(sakura, 1 - newest)))
    assert read(sakura.card) == after[newest]


def test_leaving_and_coming_back_are_judged_in_their_order(world: World, sakura: Person) -> None:
    leave = (tap(sakura, "leave"), tap(sakura, "leave", yes=1))
    arrives(world, *leave, earlier(tap(sakura, "resume")))
    assert sakura.card.membership == "left"
    world.travel(timedelta(minutes=5))
    arrives(world, tap(sakura, "resume"), *(earlier(each) for each in leave))
    assert sakura.card.membership == "active"


def test_a_message_that_was_taken_back_before_it_came_is_read_by_nobody(
    world: World, sakura: Person
) -> None:
    said = text_event(sakura, "傘を忘れたかもしれません")
    taken_back = event(sakura, "unsend", unsend={"messageId": said["message"]["id"]})
    arrives(world, taken_back, earlier(said))
    assert world.letters() == []


def test_an_edited_message_stays_as_it_was_edited(world: World, sakura: Person) -> None:
    said = text_event(sakura, "傘を忘れました")
    edited = event(
        sakura,
        "messageEdited",
        messageEdited={"messageId": said["message"]["id"], "text": "青い傘を忘れました"},
        message=said["message"] | {"text": "青い傘を忘れました"},
    )
    arrives(world, edited, earlier(said))
    assert [text for _, text in world.letters()] == ["青い傘を忘れました"]


def test_what_was_said_before_being_erased_makes_nobody_a_member_again(
    world: World, sakura: Person
) -> None:
    old = earlier(text_event(sakura, "カード"))
    for step in ({}, {"step": 1}, {"step": 2}):
        sakura.tap("erase", **step)
    assert sakura.account is None
    arrives(world, old)
    assert sakura.account is None
    # Whoever comes back after it is welcome.
    world.travel(timedelta(minutes=1))
    sakura.write("カード")
    account = sakura.account
    assert account is not None
    # There is one welcome.
    with world.club.store.read() as uow:
        back = members.get(uow, account.member_id or 0)
    assert back is not None
    assert (back.facts.balance, back.facts.earned) == (0, 0)
