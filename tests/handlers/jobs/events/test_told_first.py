"""What opens to some first is told to them first, and to the others when it opens to them: each
once, whatever dies on the way."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.store.events import events
from handlers.actions.events.making import WrittenEvent, change
from handlers.club import Club
from handlers.jobs.events import upkeep
from handlers.jobs.events.upkeep import next_due, run_if_due
from tests.handlers.actions.events.occasions import opened, queued, signs_up, steps_on
from tests.handlers.actions.events.test_opening_first import first, regular
from tests.handlers.actions.events.test_signing_up import people
from tests.handlers.clubs import DAY, MANAGER, SmallClub, club_on

#: What is pushed here stands in the files of the texts, in whichever language.
pytestmark = pytest.mark.usefixtures("pushed_abroad")


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def told(cafe: SmallClub) -> list[int]:
    return [who for who, _ in queued(cafe, "event_invite")]


def invited(cafe: SmallClub, **more: Any) -> int:
    return opened(cafe, steps=("open", "invite"), **more)


def moved(cafe: SmallClub, event_id: int, **values: Any) -> None:
    """Its owner changes it."""
    with cafe.work(MANAGER, key=cafe.key()) as work:
        stored = events.get(work.uow, event_id)
        assert stored is not None
        event = stored.event.model_copy(update=values)
        assert change(work, event_id, stored.revision, WrittenEvent(event, stored.sittings)) is None


def test_the_first_are_told_first_and_the_others_when_it_opens(cafe: SmallClub) -> None:
    bronze, new = people(cafe, 2)
    regular(cafe, bronze)
    until = cafe.now + 2 * DAY
    event = invited(cafe, first=first(until))
    for _ in range(2):
        run_if_due(cafe.club)
        assert told(cafe) == [bronze]
    assert next_due(cafe.club, after=cafe.now) == until
    cafe.clock.set(until)
    for _ in range(2):
        run_if_due(cafe.club)
        assert told(cafe) == [bronze, new]
    with cafe.store.read() as uow:
        stored = events.get(uow, event)
    assert stored is not None
    assert (stored.invited, stored.invite_rest) == (2, False)


def test_who_signed_up_meanwhile_or_gets_the_rank_hears_nothing_twice(cafe: SmallClub) -> None:
    bronze, risen, late = people(cafe, 3)
    regular(cafe, bronze)
    until = cafe.now + 5 * DAY
    event = invited(cafe, first=first(until))
    run_if_due(cafe.club)
    regular(cafe, risen)
    assert signs_up(cafe, risen, event).state == "taken"
    steps_on(cafe, event, "invite")
    run_if_due(cafe.club)
    assert told(cafe) == [bronze]
    cafe.clock.set(until)
    run_if_due(cafe.club)
    assert told(cafe) == [bronze, late]


def test_a_moment_that_is_moved_or_taken_away_moves_the_news_with_it(cafe: SmallClub) -> None:
    bronze, new = people(cafe, 2)
    regular(cafe, bronze)
    event = invited(cafe, first=first(cafe.now + 2 * DAY))
    run_if_due(cafe.club)
    with cafe.store.read() as uow:
        stored = events.get(uow, event)
    assert stored is not None
    assert stored.event.first is not None
    later = stored.event.first.model_copy(update={"until": cafe.now + 4 * DAY})
    moved(cafe, event, first=later)
    cafe.passes(days=3)
    run_if_due(cafe.club)
    assert told(cafe) == [bronze]
    moved(cafe, event, first=None)
    run_if_due(cafe.club)
    assert told(cafe) == [bronze, new]


def test_what_is_closed_or_over_by_then_is_told_to_nobody_else(cafe: SmallClub) -> None:
    bronze, _ = people(cafe, 2)
    regular(cafe, bronze)
    event = invited(cafe, first=first(cafe.now + DAY))
    run_if_due(cafe.club)
    steps_on(cafe, event, "close")
    cafe.passes(days=2)
    run_if_due(cafe.club)
    steps_on(cafe, event, "open")
    cafe.passes(days=20)
    run_if_due(cafe.club)
    assert told(cafe) == [bronze]


def test_a_worker_that_dies_between_any_two_steps_changes_nothing(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "_CHUNK", 1)
    bronze, *others = people(cafe, 4)
    regular(cafe, bronze)
    until = cafe.now + timedelta(hours=3)
    invited(cafe, first=first(until))
    _dies_again_and_again(cafe, monkeypatch)
    assert told(cafe) == [bronze]
    cafe.clock.set(until)
    _dies_again_and_again(cafe, monkeypatch)
    assert told(cafe) == [bronze, *others]


def _dies_again_and_again(cafe: SmallClub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run dies after one more step than the last, until one comes to its end."""
    whole = Club.work
    for most in range(1, 20):
        done = 0

        def work(club: Club, *of: Any, most: int = most, **more: Any) -> Any:
            nonlocal done
            done += 1
            if done > most:
                raise KeyboardInterrupt
            return whole(club, *of, **more)

        with monkeypatch.context() as dying:
            dying.setattr(Club, "work", work)
            try:
                run_if_due(cafe.club)
            except KeyboardInterrupt:
                continue
            return
    raise AssertionError("it never comes to an end")
