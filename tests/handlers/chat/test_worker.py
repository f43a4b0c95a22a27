"""Event workers: one event's trouble is its own, nothing is lost, nothing happens twice."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from bot.store import UnitOfWork
from handlers.chat import worker
from handlers.chat.claims import BACKOFF, LEASE, TOKEN_LIFE, claim_next
from handlers.chat.context import Answer, Turn
from handlers.chat.conversation import conversation
from handlers.chat.conversations import CONVERSATIONS
from handlers.chat.replies import Replies
from handlers.chat.turn import take_turn
from handlers.chat.worker import EventWorkers
from tests.handlers.chat.handling import handle_next
from tests.waiting import until

from .conftest import World, text_event, words


class Killed(BaseException):
    """The process is gone."""


@conversation("rank")
def broken(_turn: Turn, _params: Any) -> Answer:
    raise RuntimeError("a conversation with a mistake in it")


def die(*_args: Any, **_more: Any) -> str:
    raise Killed


@pytest.fixture
def replies(world: World) -> Iterator[Replies]:
    replies = Replies(world.club)
    yield replies
    replies.stop()


def test_one_failing_event_leaves_the_others_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONVERSATIONS, "rank", broken)
    unlucky, lucky = world.member("うめ"), world.member("はな")
    world.post([text_event(unlucky, "ランク"), text_event(lucky, f"チェックイン {world.code()}")])
    world.handle()
    assert lucky.card.facts.visits == 1
    assert world.waiting() == 1


def test_only_the_arrival_and_the_end_of_an_event_wait_for_the_disk(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the end is on the disk the event is open there, and is done anew after a power cut."""
    person, store = world.member(), world.club.store
    begin, waits = store.begin, list[bool]()

    def noting(*, durable: bool = True) -> AbstractContextManager[UnitOfWork]:
        waits.append(durable)
        return begin(durable=durable)

    monkeypatch.setattr(store, "begin", noting)
    world.post([text_event(person, "ポイント")])
    assert waits == [True]
    handle_next(world.club, 1)
    assert waits == [True, False, False, True]


def test_a_failing_event_is_tried_again_and_nothing_of_the_attempt_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.member()
    with monkeypatch.context() as mistake:
        mistake.setitem(CONVERSATIONS, "rank", broken)
        assert person.write("ランク") == []
    world.travel(BACKOFF[0])
    world.handle()
    assert "ブロンズファン" in words(person.heard()[-1:])
    assert world.waiting() == 0


def test_later_events_do_not_wait_for_one_that_failed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONVERSATIONS, "rank", broken)
    person = world.member()
    person.write("ランク")
    assert "ポイント" in words(person.write("ポイント"))


def test_who_waits_for_an_answer_in_vain_is_told_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONVERSATIONS, "rank", broken)
    person = world.member(lang="en")
    before = len(person.heard())
    person.write("rank")
    for wait in (*BACKOFF, *BACKOFF):
        world.travel(wait)
        world.handle()
    assert words(person.heard()[before:]).startswith("Sorry")
    assert len(person.heard()) == before + 1
    assert world.waiting() == 0


def test_a_crash_between_commit_and_reply_loses_neither(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.member()
    before = len(person.heard())
    with monkeypatch.context() as crash:
        crash.setattr("handlers.chat.turn.Replies.send", die)
        world.simulator.customers.write(person.user_id, f"チェックイン {world.code()}")
        with pytest.raises(Killed):
            handle_next(world.club)
    assert person.card.facts.visits == 1
    assert handle_next(world.club) == 0, "the dead one still holds it"
    world.travel(LEASE)
    assert world.handle() == 1
    assert "ありがとうございます" in words(person.heard()[before:])
    assert person.card.facts.visits == 1
    assert person.card.facts.balance == 60


def test_a_crash_before_the_commit_leaves_the_event_to_be_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.member()
    with monkeypatch.context() as crash:
        crash.setattr("handlers.chat.turn.dump", die)
        world.simulator.customers.write(person.user_id, f"チェックイン {world.code()}")
        with pytest.raises(Killed):
            handle_next(world.club)
    assert person.card.facts.visits == 0
    world.travel(LEASE)
    world.handle()
    assert person.card.facts.visits == 1


def test_a_reply_that_a_crash_followed_is_not_said_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.member()
    before = len(person.heard())
    with monkeypatch.context() as crash:
        crash.setattr("handlers.chat.reply.webhook_events.close", die)
        world.simulator.customers.write(person.user_id, f"チェックイン {world.code()}")
        with pytest.raises(Killed):
            handle_next(world.club)
    world.travel(LEASE)
    world.handle()
    assert len(person.heard()) == before + 1
    assert world.outbox() == {}
    assert world.waiting() == 0


def test_an_event_whose_lease_ran_out_in_good_hands_is_still_done_once(
    world: World, replies: Replies
) -> None:
    """A slow worker and the one that took its event over: only the first to commit counts."""
    person = world.member()
    before = len(person.heard())
    world.simulator.customers.write(person.user_id, f"チェックイン {world.code()}")
    (slow,) = claim_next(world.club)
    world.travel(LEASE)
    assert world.handle() == 1
    assert take_turn(world.club, slow, replies) == "elsewhere"
    assert person.card.facts.visits == 1
    assert len(person.heard()) == before + 1


def test_a_slow_worker_keeps_nothing_of_an_event_that_was_taken_over(
    world: World, replies: Replies
) -> None:
    person = world.member()
    before = len(person.heard())
    world.simulator.customers.write(person.user_id, f"チェックイン {world.code()}")
    (slow,) = claim_next(world.club)
    world.travel(LEASE)
    (quick,) = claim_next(world.club)
    assert take_turn(world.club, slow, replies) == "elsewhere"
    assert (person.card.facts.visits, len(person.heard())) == (0, before)
    assert take_turn(world.club, quick, replies) is None
    replies.wait()
    assert (person.card.facts.visits, len(person.heard())) == (1, before + 1)


def test_one_persons_events_are_answered_in_order(world: World) -> None:
    person = world.member()
    before = len(person.heard())
    for text in ("ポイント", "ランク", "バッジ"):
        world.simulator.customers.write(person.user_id, text)
    assert world.handle() == 3
    said = [words([message]) for message in person.heard()[before:]]
    assert [one.splitlines()[0] for one in said] == ["ポイント", "メンバー", "バッジ"]


def test_no_more_than_the_limit_is_taken_up(world: World) -> None:
    for name in ("さくら", "はな", "うめ"):
        world.post([text_event(world.person(name), "カード")])
    assert handle_next(world.club, limit=2) == 2
    assert world.waiting() == 1


def wait_until_done(world: World) -> None:
    until(lambda: world.waiting() == 0, "the workers")


def test_woken_threads_do_what_is_there_and_stop_when_told(any_world: World) -> None:
    world = any_world
    workers = EventWorkers(world.club, threads=4)
    workers.start()
    people = [world.person(f"客{number}") for number in range(12)]
    try:
        world.post([text_event(p, f"チェックイン {world.code()}") for p in people])
        workers.wake()
        wait_until_done(world)
    finally:
        workers.stop()
    assert [person.card.facts.visits for person in people] == [1] * 12
    assert not [t for t in threading.enumerate() if t.name.startswith("events-")]


def test_a_sweep_finds_what_nobody_was_woken_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SWEEP_SECONDS", 0.05)
    workers = EventWorkers(world.club, threads=2)
    workers.start()
    try:
        world.post([text_event(world.person(), "カード")])
        wait_until_done(world)
    finally:
        workers.stop()


def test_workers_started_twice_say_so(world: World) -> None:
    workers = EventWorkers(world.club, threads=1)
    workers.start()
    try:
        with pytest.raises(RuntimeError, match="already"):
            workers.start()
    finally:
        workers.stop()


def test_all_attempts_fit_into_the_life_of_a_reply_token() -> None:
    assert sum(BACKOFF, timedelta(0)) < TOKEN_LIFE
    assert TOKEN_LIFE > LEASE
