"""LINE can't be reached for an hour, since it is down or nobody knows its name. What members did
counts once, and what they are owed arrives, once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.line.client import LineClient
from bot.store.messages.unsaid import reasons
from handlers.club import Club
from handlers.jobs.delivery.line import Delivery
from tests.handlers.chat.handling import handle_next
from tests.handlers.jobs.line import BROKEN, OK, Line, line_on_loopback

from .conftest import Person, World, text_event

#: The first seconds, in which a reply is tried again, and then the rest of the hour.
HOUR = (1, 4, 10, 20, 30, *[60] * 58)


@pytest.fixture
def line() -> Iterator[Line]:
    with line_on_loopback() as opened:
        yield opened


def down(world: World, line: Line) -> Club:
    line.react = lambda: BROKEN
    return at(world, line.url)


def nameless(world: World, line: Line) -> Club:
    return at(world, "http://line.invalid")


def at(world: World, url: str) -> Club:
    return replace(world.club, line=LineClient("token", url))


def beats(club: Club, delivery: Delivery) -> None:
    """What workers and the schedule do all the while."""
    handle_next(club)
    delivery.deliver_due()


def writes(world: World, person: Person, text: str) -> None:
    assert world.post([text_event(person, text, replyToken=f"{person.user_id}-{text}")]) == 200


@pytest.mark.parametrize("away", [down, nameless])
def test_in_an_hour_without_line_nothing_is_lost_and_all_that_is_owed_arrives_after(
    any_world: World, line: Line, away: Callable[[World, Line], Club]
) -> None:
    world = any_world
    regular, other = world.member("さくら"), world.member("はる")
    before = regular.card.facts.visits
    club = away(world, line)
    delivery = Delivery(club)
    writes(world, regular, f"チェックイン {world.code()}")
    writes(world, other, "ポイント")
    for n, seconds in enumerate(HOUR):
        beats(club, delivery)
        world.travel(timedelta(seconds=seconds))
        if n == 30:
            writes(world, other, "電源はありますか")
    beats(club, delivery)
    assert regular.card.facts.visits == before + 1
    assert (world.waiting(), line.accepted) == (0, [])

    line.react = lambda: OK
    back = at(world, line.url)
    after = Delivery(back)
    for _ in range(10):
        beats(back, after)
        world.travel(timedelta(minutes=10))
    (told,) = line.accepted
    assert told.to == (regular.user_id,)
    assert "ご来店ありがとうございます +10" in told.text
    # Who only asked how things stand, or passed something on, has no use for an answer of then.
    with world.club.store.read() as uow:
        assert reasons(uow, since=world.now() - timedelta(days=1)) == {"too_late": 2}
    assert [words for _, words in world.letters()] == ["電源はありますか"]
