"""The waiting list moves up by itself, those who signed up hear what they need to, and a worker
that dies anywhere changes nothing of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from bot.store import UnitOfWork
from bot.store.events import events, guests
from bot.store.tables import line_accounts, outbox
from handlers.actions.events.moving_up import offer_next
from handlers.actions.events.signing_up import OfferAnswer, answer_offer
from handlers.actions.events.telling_by_hand import note_told
from handlers.actions.recording.work import Work
from handlers.club import Club
from handlers.jobs.events.upkeep import next_due, run_if_due
from tests.handlers.actions.events.occasions import (
    gives_up,
    opened,
    place_of,
    queued,
    signs_up,
    sitting_at,
    states,
    steps_on,
)
from tests.handlers.actions.events.test_signing_up import people, user
from tests.handlers.clubs import DAY, MANAGER, SmallClub, club_on
from tests.journeys.test_at_once import _at_once

#: What is pushed here stands in the files of the texts, in whichever language.
pytestmark = pytest.mark.usefixtures("pushed_abroad")


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def full_with(
    cafe: SmallClub, count: int, *, places: int, hours: int = 12
) -> tuple[int, list[int]]:
    """An event with so many places that so many people want, one after another."""
    event = opened(cafe, sitting_at(cafe.now + 14 * DAY, places=places), offer_hours=hours)
    mine = people(cafe, count)
    for each in mine:
        signs_up(cafe, each, event)
    return event, mine


def went_out(cafe: SmallClub) -> None:
    """All that is queued has been sent."""
    with cafe.store.begin() as uow:
        uow.run(update(outbox).where(outbox.c.status == "queued").values(status="sent"))


def takes(cafe: SmallClub, member_id: int, event: int, *, wanted: bool = True) -> str | None:
    no = place_of(cafe, member_id, event).no
    with cafe.work("member", key=cafe.key()) as work:
        done = answer_offer(work, OfferAnswer(member_id, event, no, wanted))
    return done.refused or done.state


def test_a_free_place_is_offered_to_one_then_to_the_next(cafe: SmallClub) -> None:
    event, [a, b, c, d] = full_with(cafe, 4, places=1)
    gives_up(cafe, a, event)
    for _ in range(3):
        run_if_due(cafe.club)
    assert states(cafe, event) == {a: "declined", b: "offered", c: "waiting", d: "waiting"}
    assert [who for who, _ in queued(cafe, "event_offer")] == [b]
    assert takes(cafe, b, event, wanted=False) == "declined"
    run_if_due(cafe.club)
    assert states(cafe, event)[c] == "offered"
    went_out(cafe)
    until = place_of(cafe, c, event).until
    assert until is not None
    assert next_due(cafe.club, after=cafe.now) == until
    cafe.clock.set(until)
    assert takes(cafe, c, event) == "event_offer_over", "their time is over"
    run_if_due(cafe.club)
    assert states(cafe, event) == {a: "declined", b: "declined", c: "passed", d: "offered"}
    assert takes(cafe, d, event) == "taken"
    run_if_due(cafe.club)
    assert [who for who, _ in queued(cafe, "event_offer")] == [b, c, d]


def test_an_offers_time_runs_while_messages_may_go_out(cafe: SmallClub) -> None:
    # At noon on Monday: eight hours are left of the day, and four of Tuesday's.
    event, [a, b] = full_with(cafe, 2, places=1, hours=12)
    gives_up(cafe, a, event)
    run_if_due(cafe.club)
    until = place_of(cafe, b, event).until
    shop = cafe.timeline.at(cafe.now).programme.shop
    assert until is not None
    assert str(shop.local(until)) == "2026-01-06 14:00:00+09:00"


def test_who_was_not_told_in_time_keeps_their_turn(cafe: SmallClub) -> None:
    event, [a, b, c] = full_with(cafe, 3, places=1)
    gives_up(cafe, a, event)
    run_if_due(cafe.club)
    cafe.passes(days=2)
    run_if_due(cafe.club)
    assert states(cafe, event) == {a: "declined", b: "offered", c: "waiting"}
    assert place_of(cafe, b, event).until is not None
    assert [who for who, _ in queued(cafe, "event_offer")] == [b], "the first was taken back"


def test_more_places_move_the_list_up_as_far_as_they_reach(cafe: SmallClub) -> None:
    event, [a, *rest] = full_with(cafe, 5, places=1)
    with cafe.store.begin() as uow:
        stored = events.lock(uow, event)
        assert stored is not None
        events.change(uow, stored, stored.event, [replace(stored.sittings[0], places=4)])
    run_if_due(cafe.club)
    assert [*states(cafe, event).values()] == ["taken", *["offered"] * 3, "waiting"]
    assert a not in rest


def test_nobody_is_offered_a_place_in_the_last_hour(cafe: SmallClub) -> None:
    event, [a, b] = full_with(cafe, 2, places=1)
    cafe.passes(days=13, hours=23, minutes=30)
    gives_up(cafe, a, event)
    run_if_due(cafe.club)
    assert states(cafe, event) == {a: "declined", b: "waiting"}


def test_everybody_concerned_hears_once_that_it_is_off(cafe: SmallClub) -> None:
    event, [a, b, c, d] = full_with(cafe, 4, places=2)
    gives_up(cafe, b, event)
    run_if_due(cafe.club)
    assert steps_on(cafe, event, "cancel") is None
    for _ in range(2):
        run_if_due(cafe.club)
    assert states(cafe, event) == {a: "off", b: "declined", c: "off", d: "off"}
    assert [who for who, _ in queued(cafe, "event_off")] == [a, c, d]
    assert not queued(cafe, "event_off_now")


def test_what_is_off_today_is_said_at_once(cafe: SmallClub) -> None:
    event = opened(cafe, sitting_at(cafe.now + timedelta(hours=20)), closes_at=cafe.now + DAY / 2)
    [a] = people(cafe, 1)
    signs_up(cafe, a, event)
    # At eleven in the evening; quiet hours end at ten, the event begins at eight.
    cafe.passes(hours=11)
    steps_on(cafe, event, "cancel")
    run_if_due(cafe.club)
    assert [who for who, _ in queued(cafe, "event_off_now")] == [a]


def test_the_day_before_those_with_a_place_are_reminded_once(cafe: SmallClub) -> None:
    event, [a, b, c] = full_with(cafe, 3, places=2)
    cafe.passes(days=12)
    run_if_due(cafe.club)
    assert not queued(cafe, "event_reminder")
    cafe.passes(days=1)
    for _ in range(2):
        run_if_due(cafe.club)
    assert [who for who, _ in queued(cafe, "event_reminder")] == [a, b]
    assert c not in (a, b)
    assert states(cafe, event)[c] == "waiting"


def test_whom_it_is_for_is_invited_once_and_nobody_else(cafe: SmallClub) -> None:
    lapsed, regular, paper = cafe.joins(user(1)), cafe.joins(user(2)), cafe.joins()
    cafe.visits(lapsed)
    cafe.passes(days=90)
    cafe.visits(regular)
    cafe.visits(paper)
    event = opened(cafe, guests="lapsed")
    assert steps_on(cafe, event, "invite") is None
    for _ in range(2):
        run_if_due(cafe.club)
    assert queued(cafe, "event_invite") == [(lapsed, str(event))]
    with cafe.store.read() as uow:
        stored = events.get(uow, event)
    assert stored is not None
    assert stored.invited == 1


def test_two_hundred_want_twenty_places_at_once(cafe: SmallClub) -> None:
    event = opened(cafe, sitting_at(cafe.now + 14 * DAY, places=20))
    mine = people(cafe, 200)
    outcomes = _at_once([partial(signs_up, cafe, each, event) for each in mine])
    assert [each.refused for each in outcomes] == [None] * 200
    with cafe.store.read() as uow:
        from bot.store.events import places

        found = places.of_event(uow, event)
    assert sorted(each.no for each in found) == [*range(1, 201)], "each has a number of their own"
    assert [each.state for each in found] == ["taken"] * 20 + ["waiting"] * 180
    told = {each.member_id: each for each in outcomes}
    assert [told[each.member_id].state for each in found] == [each.state for each in found]
    waits = [each.member_id for each in found[20:]]
    assert [told[each].ahead for each in waits] == [*range(180)]
    leavers = [each.member_id for each in found[:3]]
    _at_once([partial(gives_up, cafe, each, event) for each in leavers])
    _at_once([partial(run_if_due, cafe.club) for _ in range(4)])
    assert sorted(who for who, _ in queued(cafe, "event_offer")) == sorted(waits[:3])
    assert [each for each, state in states(cafe, event).items() if state == "offered"] == waits[:3]


class Killed(BaseException):
    """The process is no more: nothing catches that."""


@contextmanager
def killed_at(cafe: SmallClub, commit: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything ends at that commit, right before it (an odd number) or right after (even)."""
    begin, seen = type(cafe.club.store).begin, [0]

    @contextmanager
    def dying(store: object, *, durable: bool = True) -> Iterator[UnitOfWork]:
        with begin(cafe.club.store, durable=durable) as uow:
            yield uow
            seen[0] += 1
            if seen[0] == commit:
                raise Killed
        seen[0] += 1
        if seen[0] == commit:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(type(cafe.club.store), "begin", dying)
        yield


def lives(cafe: SmallClub, do: Callable[[Club], None], monkeypatch: pytest.MonkeyPatch) -> int:
    """Does it although the process dies at each commit in turn; gives how often it died."""
    for commit in range(1, 100):
        with killed_at(cafe, commit, monkeypatch):
            try:
                do(cafe.club)
            except Killed:
                continue
            return commit - 1
    raise AssertionError("it never ended")


def test_a_worker_that_dies_anywhere_changes_nothing(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    event, mine = full_with(cafe, 9, places=3)
    for each in mine[:2]:
        gives_up(cafe, each, event)
    assert lives(cafe, run_if_due, monkeypatch) > 0
    assert [who for who, _ in queued(cafe, "event_offer")] == mine[3:5]
    assert [*states(cafe, event).values()][2:] == ["taken", *["offered"] * 2, *["waiting"] * 4]
    went_out(cafe)
    until = place_of(cafe, mine[3], event).until
    assert until is not None
    cafe.clock.set(until)
    assert lives(cafe, run_if_due, monkeypatch) > 0
    assert [who for who, _ in queued(cafe, "event_offer")] == mine[3:7]
    steps_on(cafe, event, "cancel")
    assert lives(cafe, run_if_due, monkeypatch) > 0
    assert [who for who, _ in queued(cafe, "event_off")] == [mine[2], *mine[5:]]


def test_an_event_that_fails_keeps_no_other_from_going_on(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, [a, b] = full_with(cafe, 2, places=1)
    gives_up(cafe, a, broken)
    whole, [c, d] = full_with(cafe, 2, places=1)
    gives_up(cafe, c, whole)

    def fails(work: Work, event_id: int, n: int) -> bool:
        if event_id == broken:
            raise RuntimeError("this one is broken")
        return offer_next(work, event_id, n)

    with monkeypatch.context() as patched:
        patched.setattr("handlers.jobs.events.upkeep.offer_next", fails)
        run_if_due(cafe.club)
    assert (states(cafe, broken)[b], states(cafe, whole)[d]) == ("waiting", "offered")
    run_if_due(cafe.club)
    assert states(cafe, broken)[b] == "offered", "it goes on as soon as it can"


def test_an_offer_to_who_has_no_line_waits_until_staff_told_them(cafe: SmallClub) -> None:
    event, [a] = full_with(cafe, 1, places=1)
    b, c = cafe.joins(), cafe.joins()
    signs_up(cafe, b, event)
    signs_up(cafe, c, event)
    gives_up(cafe, a, event)
    run_if_due(cafe.club)
    cafe.passes(days=5)
    run_if_due(cafe.club)
    assert states(cafe, event) == {a: "declined", b: "offered", c: "waiting"}
    for _ in range(2):
        with cafe.work(MANAGER, key=cafe.key()) as work:
            assert note_told(work, b, event, "ja").done
    until = place_of(cafe, b, event).until
    assert until is not None
    assert until - cafe.now < 2 * DAY, "its time runs from now on"
    cafe.clock.set(until)
    run_if_due(cafe.club)
    assert states(cafe, event) == {a: "declined", b: "passed", c: "offered"}


def test_whom_line_does_not_reach_is_reminded_by_hand_once(cafe: SmallClub) -> None:
    sitting = sitting_at(cafe.now + 14 * DAY, places=3)
    event = opened(cafe, sitting, closes_at=sitting.starts_at)
    [a, b] = cafe.joins(), *people(cafe, 1)
    for each in (a, b):
        signs_up(cafe, each, event)

    def untold() -> list[tuple[int, int]]:
        with cafe.store.read() as uow:
            return guests.untold(uow, cafe.now, limit=9)

    run_if_due(cafe.club)
    assert untold() == []
    cafe.passes(days=13, hours=2)
    run_if_due(cafe.club)
    assert untold() == [(a, event)]
    # Who signs up now has just done so.
    late = cafe.joins()
    signs_up(cafe, late, event)
    for _ in range(2):
        with cafe.work(MANAGER, key=cafe.key()) as work:
            assert note_told(work, a, event, "ja").done
    with cafe.work(MANAGER, key=cafe.key()) as work:
        assert note_told(work, late, event, "ja").refused == "event_none"
    run_if_due(cafe.club)
    assert untold() == []
    # What is off is told to them all the same.
    steps_on(cafe, event, "cancel")
    run_if_due(cafe.club)
    assert untold() == [(a, event), (late, event)]


def test_who_is_to_be_told_by_hand_is_whom_line_does_not_reach(cafe: SmallClub) -> None:
    event, [a, b, c] = full_with(cafe, 3, places=1)
    d = cafe.joins()
    signs_up(cafe, d, event)
    with cafe.store.begin() as uow:
        uow.run(update(line_accounts).where(line_accounts.c.member_id == b).values(blocked=True))
    gives_up(cafe, a, event)
    run_if_due(cafe.club)

    def untold() -> list[tuple[int, int]]:
        with cafe.store.read() as uow:
            return guests.untold(uow, cafe.now, limit=9)

    assert untold() == [(b, event)]
    steps_on(cafe, event, "cancel")
    run_if_due(cafe.club)
    assert untold() == [(b, event), (d, event)]
    assert c not in [who for who, _ in untold()]
    cafe.passes(days=15)
    assert untold() == [], "it would be over"
