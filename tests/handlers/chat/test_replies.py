"""Replies on their way: nobody waits for LINE, order is kept for each, and nothing is lost."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.line.client import LineClient
from bot.simulator import BOT_ID
from bot.store.messages import webhook_events
from bot.store.messages.unsaid import reasons
from bot.store.messages.webhook_events import ClaimedEvent
from bot.store.tables import webhook_events as rows
from handlers.chat.claims import BACKOFF, LEASE, TOKEN_LIFE
from handlers.chat.worker import EventWorkers
from handlers.club import Club
from tests.handlers.chat.handling import handle_next
from tests.handlers.jobs.line import OK, REFUSED, TOO_FAST, Line, Reaction, line_on_loopback
from tests.waiting import SECONDS_MAX, until

from .conftest import Person, World, text_event

SLOW = Reaction(200, takes=True, seconds=0.2)


@pytest.fixture
def line() -> Iterator[Line]:
    """A LINE that takes its time over each reply."""
    with line_on_loopback() as opened:
        opened.react = lambda: SLOW
        yield opened


def at(world: World, line: Line) -> Club:
    """The world's club, whose replies go to that LINE."""
    return replace(world.club, line=LineClient("token", line.url))


@contextmanager
def working(club: Club) -> Iterator[EventWorkers]:
    workers = EventWorkers(club)
    workers.start()
    try:
        workers.wake()
        yield workers
    finally:
        workers.stop()


def asks(world: World, people: list[Person], text: str = "ポイント") -> None:
    """All write at once; each reply token tells who wrote what."""
    said = [text_event(p, text, replyToken=_token(p, text)) for p in people]
    assert world.post(said) == 200


def _token(person: Person, text: str) -> str:
    return f"{person.user_id}-{text.encode().hex()}"


def done(world: World) -> None:
    until(lambda: world.waiting() == 0, "the replies")


def test_many_are_answered_while_line_is_slow(any_world: World, line: Line) -> None:
    world = any_world
    people = [world.person(f"客{number}") for number in range(60)]
    line.holds = 20
    asks(world, people)
    with working(at(world, line)):
        done(world)
    assert Counter(line.replied) == Counter(_token(p, "ポイント") for p in people)
    assert line.at_once_max >= 20, "more than there are workers"


def test_each_ones_replies_leave_in_order_and_none_is_lost(any_world: World, line: Line) -> None:
    world = any_world
    people = [world.person(f"客{number}") for number in range(8)]
    texts = ("ポイント", "ランク", "バッジ", "カード")
    for text in texts:
        asks(world, people, text)
        world.travel(timedelta(milliseconds=10))
    with working(at(world, line)):
        done(world)
    for person in people:
        theirs = [token for token in line.replied if token.startswith(person.user_id)]
        assert theirs == [_token(person, text) for text in texts]


def test_no_more_are_on_their_way_than_there_is_room_for(
    world: World, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.chat.replies.AT_ONCE", 6)
    asks(world, [world.person(f"客{number}") for number in range(30)])
    with working(at(world, line)):
        done(world)
    assert len(line.replied) == 30
    assert line.at_once_max <= 6


def test_stopping_leaves_nothing_half_written(world: World, line: Line) -> None:
    """What is on its way is answered and closed; the rest is as it was."""
    asks(world, [world.person(f"客{number}") for number in range(30)])
    with working(at(world, line)):
        until(lambda: line.at_once_max, "the first reply")
    with world.club.store.read() as uow:
        assert webhook_events.counts(uow).get("done", 0) == len(line.replied)


def test_a_reply_that_line_was_too_busy_for_goes_out_later(world: World, line: Line) -> None:
    person = world.person()
    asks(world, [person])
    line.answers = [TOO_FAST]
    club = at(world, line)
    assert handle_next(club) == 1
    assert world.waiting() == 1
    world.travel(BACKOFF[0])
    assert handle_next(club) == 1
    assert line.replied[-1].startswith(person.user_id)
    assert world.waiting() == 0


def unsaid(world: World) -> dict[str, int]:
    with world.club.store.read() as uow:
        return reasons(uow, since=world.now() - timedelta(days=1))


def test_an_answer_that_line_refuses_is_followed_by_an_apology_and_counted(
    world: World, line: Line
) -> None:
    asks(world, [world.person()])
    line.answers = [REFUSED]
    assert handle_next(at(world, line)) == 1
    assert len(line.replied) == 2
    assert (world.waiting(), unsaid(world)) == (0, {"invalid": 1})


def test_one_is_not_done_before_its_apology_is_said(
    world: World, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(world, [world.person()])
    line.answers = [REFUSED, REFUSED]
    with monkeypatch.context() as crash:
        crash.setattr("handlers.chat.replies.Replies.apologise", _die)
        with pytest.raises(KeyboardInterrupt):
            handle_next(at(world, line))
    assert (world.waiting(), len(line.replied)) == (1, 1)
    world.travel(LEASE)
    assert handle_next(at(world, line)) == 1
    assert (world.waiting(), len(line.replied)) == (0, 3)


def _die(*_args: object, **_more: object) -> None:
    raise KeyboardInterrupt


def test_of_answers_that_came_too_late_one_is_pushed_and_the_rest_stand_counted(
    any_world: World, line: Line
) -> None:
    world = any_world
    person = world.member()
    for text in ("ポイント", "ランク", "バッジ"):
        asks(world, [person], text)
    world.travel(TOKEN_LIFE + timedelta(seconds=1))
    assert handle_next(at(world, line)) == 3
    assert line.replied == []
    assert (world.waiting(), unsaid(world)) == (0, {"too_late": 2})
    assert world.outbox() == {"queued": 1}


def test_of_a_burst_each_text_is_replied_to_in_order_or_pushed_or_stands_counted(
    any_world: World, line: Line
) -> None:
    world = any_world
    people = [world.member(f"客{number}") for number in range(16)]
    late, in_time = ("ポイント", "ランク", "バッジ"), ("カード", "履歴")
    for text in late:
        asks(world, people, text)
        world.travel(timedelta(milliseconds=10))
    # So slow was it all that the tokens of these are too old.
    world.travel(TOKEN_LIFE)
    for text in in_time:
        asks(world, people, text)
        world.travel(timedelta(milliseconds=10))
    with working(at(world, line)):
        done(world)
    for person in people:
        theirs = [token for token in line.replied if token.startswith(person.user_id)]
        assert theirs == [_token(person, text) for text in in_time]
    assert len(line.replied) == 2 * len(people)
    assert world.outbox() == {"queued": len(people)}
    assert unsaid(world) == {"too_late": 2 * len(people)}


def test_who_is_new_waits_for_no_other_and_no_other_for_them(any_world: World, line: Line) -> None:
    """LINE is asked for their profiles, all at once."""
    world = any_world
    strangers = [world.person(f"客{number}") for number in range(40)]
    line.react = lambda: OK
    line.profile_seconds = 0.2
    asks(world, strangers)
    with working(at(world, line)):
        done(world)
    assert Counter(line.replied) == Counter(_token(p, "ポイント") for p in strangers)
    assert line.profiles_at_once_max > 8, "more than there are workers"
    assert {person.account.display_name for person in strangers if person.account} == {"誰か"}


def test_a_line_that_does_not_say_our_name_keeps_only_those_waiting_who_ask_for_a_link(
    world: World, line: Line
) -> None:
    one, other = world.member(), world.member("はな")
    says = threading.Event()

    def slow() -> str:
        assert says.wait(SECONDS_MAX)
        return BOT_ID

    asks(world, [one])
    asks(world, [other], "紹介")
    with working(replace(at(world, line), bot_id=slow)) as workers:
        until(lambda: line.replied == [_token(one, "ポイント")], "the reply of who needs none")
        until(lambda: _failed(world), "the other's first try")
        says.set()
        until(lambda: workers._name.learn(), "the name")
        world.travel(BACKOFF[0])
        done(world)
    assert line.replied[1:] == [_token(other, "紹介")]


def _failed(world: World) -> bool:
    with world.club.store.read() as uow:
        return bool(uow.run(select(func.count(rows.c.error))).scalar_one())


def test_one_whose_outcome_cannot_be_written_down_holds_up_no_other(
    world: World, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [world.person(f"客{number}") for number in range(6)]
    asks(world, people)
    close = webhook_events.close

    def breaks_for_one(uow: object, event_id: str, **more: object) -> None:
        if event_id == poisoned.event_id:
            raise RuntimeError("a row that can't be written")
        close(uow, event_id, **more)  # type: ignore[arg-type]

    poisoned = _first(world)
    monkeypatch.setattr("handlers.chat.reply.webhook_events.close", breaks_for_one)
    with working(at(world, line)):
        until(lambda: world.waiting() == 1, "all others")


def _first(world: World) -> ClaimedEvent:
    with world.club.store.begin() as uow:
        (claimed,) = webhook_events.claim(uow, now=world.now(), lease=timedelta(0), limit=1)
    return claimed


def test_what_is_taken_up_again_while_its_reply_is_on_its_way_is_answered_and_counted_once(
    world: World, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counter[str]()
    monkeypatch.setattr(
        "handlers.chat.claims.metrics.count_event_handled",
        lambda *, outcome, **_: counted.update([outcome]),
    )
    people = [world.member(f"客{number}") for number in range(4)]
    counted.clear()
    line.holds = 4
    line.react = lambda: Reaction(200, takes=True, seconds=0.6)
    asks(world, people, f"チェックイン {world.code()}")
    with working(at(world, line)) as workers:
        until(lambda: line.at_once_max == 4, "all replies to be on their way")
        # Far past the lease and the token's life.
        world.travel(LEASE + TOKEN_LIFE)
        workers.wake()
        until(lambda: counted["elsewhere"] == 4, "the events to be taken up again")
        done(world)
    assert counted == {"replied": 4, "elsewhere": 4}
    assert (len(line.replied), world.outbox(), unsaid(world)) == (4, {}, {})


def test_what_somebody_else_has_closed_meanwhile_is_not_counted_a_second_time(
    world: World, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process took the event up when our lease had run out."""
    counted = Counter[str]()
    person = world.member()
    asks(world, [person])
    monkeypatch.setattr(
        "handlers.chat.claims.metrics.count_event_handled",
        lambda *, outcome, **_: counted.update([outcome]),
    )

    def elsewhere() -> Reaction:
        if len(line.replied) == 1:
            line.react = lambda: OK
            world.travel(LEASE + TOKEN_LIFE)
            assert handle_next(at(world, line)) == 1
        return OK

    line.react = elsewhere
    assert handle_next(at(world, line)) == 1
    assert counted == {"queued": 1, "elsewhere": 1}
