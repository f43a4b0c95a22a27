"""Delivery: each message once, at a fit hour, with the words of that moment."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from bot.store import UnitOfWork
from bot.store.finding import prune
from bot.store.members import line_accounts
from bot.store.messages import attempts, outbox, quota
from bot.store.messages.outbox import MessageKey
from handlers.actions.members.profile import choose_language
from handlers.actions.recording.work import Work
from handlers.actions.telling.messages import SayRank
from handlers.club import Club
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.delivery.decisions import Batch, DeliveryRound, decide
from handlers.jobs.delivery.line import PATIENCE, Delivery
from handlers.jobs.delivery.outcomes import Consequences, LineAnswer, RetryPolicy, record
from handlers.jobs.delivery_worker import DeliveryWorker
from rules.sending.quota import month_of
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.line import (
    OK,
    TOO_FAST,
    Line,
)
from tests.handlers.jobs.messages import USER, queue, row
from tests.waiting import SECONDS_MAX, until


def test_what_is_due_is_pushed_and_done(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    queue(cafe, member)
    assert delivery.deliver_due() == 1
    (push,) = line.pushed
    assert (push.to, push.messages) == ((USER,), [{"type": "text", "text": "こんにちは"}])
    assert row(cafe).status == "sent"
    assert delivery.deliver_due() == 0


def test_what_is_useful_no_more_is_not_sent(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    queue(cafe, member, useful=timedelta(hours=2))
    cafe.passes(hours=3)
    delivery.deliver_due()
    assert line.pushed == []
    assert row(cafe).reason == "too_late"


def test_a_text_is_made_when_it_is_sent(cafe: SmallClub, line: Line, delivery: Delivery) -> None:
    member = cafe.joins(USER)
    for _ in range(3):
        cafe.passes(days=1)
        cafe.visits(member, by="member")
    queue(cafe, member, say=SayRank(before=None, after="bronze", reason="reached"))
    with cafe.work("member") as work:
        choose_language(work, member, "en", at=work.now)
    delivery.deliver_due()
    assert "Bronze Fan" in line.accepted[0].text


def test_what_is_true_no_more_is_not_said(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    queue(cafe, member, say=SayRank(before=None, after="bronze", reason="reached"))
    delivery.deliver_due()
    assert line.pushed == []
    assert row(cafe).reason == "no_longer_true"


def test_the_shops_own_share_of_the_quota_is_left_alone(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    line.limit, line.used = 200, 150  # 50 are kept for the shop's own news
    queue(cafe, member)
    queue(cafe, member, "答え", period="answer", topic=None)
    delivery.deliver_due()
    assert ["答え" in push.text for push in line.pushed] == [True]
    assert row(cafe).status == "queued"


def test_no_transaction_is_open_while_line_is_asked(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    written: list[bool] = []

    def write() -> None:
        with cafe.store.begin() as uow:
            line_accounts.set_display_name(uow, USER, f"name {len(written)}")
            written.append(True)

    line.during_push = write
    line.quota = lambda: write() or {"type": "none"}  # type: ignore[method-assign,func-returns-value]
    queue(cafe, member)
    delivery.deliver_due()
    assert len(written) == 2
    assert row(cafe).status == "sent"


def test_workers_at_once_send_each_message_once(cafe: SmallClub, line: Line) -> None:
    for n in range(12):
        queue(cafe, cafe.joins(f"U{n:032}"), f"to {n}", period=f"p{n}")
    ready = Barrier(4)

    def work() -> int:
        delivery = Delivery(cafe.club)
        ready.wait(SECONDS_MAX)
        return delivery.deliver_due()

    with ThreadPoolExecutor(4) as pool:
        looked_at = [done.result(SECONDS_MAX) for done in [pool.submit(work) for _ in range(4)]]
    assert sum(looked_at) == 12
    assert len({push.to for push in line.pushed}) == len(line.pushed) == 12


def test_workers_at_once_never_pass_a_members_cap(cafe: SmallClub, line: Line) -> None:
    member = cafe.joins(USER)
    for n in range(8):
        queue(cafe, member, period=f"p{n}")
    ready = Barrier(4)

    def work() -> None:
        delivery = Delivery(cafe.club)
        ready.wait(SECONDS_MAX)
        delivery.deliver_due()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for _ in range(4)]:
            done.result(SECONDS_MAX)
    assert len(line.pushed) == 1


def _dies_before_sending(cafe: SmallClub) -> None:
    """A worker that froze what is due, and then was no more."""
    with cafe.work() as work:
        take = DeliveryRound(work.now, limit=9, lease=PATIENCE.lease)
        quota.begin_month(work.uow, month_of(work.programme.shop, work.now))
        assert decide(work.uow, cafe.club, take).attempts


def test_what_a_dead_worker_held_is_taken_up_when_its_lease_ends(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    queue(cafe, member)
    _dies_before_sending(cafe)
    assert delivery.deliver_due() == 0
    cafe.passes(seconds=61)
    assert delivery.deliver_due() == 1
    assert len(line.accepted) == 1
    assert row(cafe).status == "sent"


def test_the_only_process_takes_up_at_once_what_a_dead_one_held(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    queue(cafe, member)
    _dies_before_sending(cafe)
    with cafe.store.begin() as uow:
        attempts.free_leases(uow, now=cafe.now)
    assert delivery.deliver_due() == 1
    assert row(cafe).status == "sent"


def test_a_worker_that_slept_through_its_lease_does_no_harm(
    cafe: SmallClub, line: Line, member: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = Delivery(cafe.club), Delivery(cafe.club)
    queue(cafe, member)
    asked, may_answer, collect = threading.Event(), threading.Event(), slow._collect

    def keeps_the_first_waiting() -> None:
        first = not asked.is_set()
        asked.set()
        assert not first or may_answer.wait(SECONDS_MAX)

    def sleeps() -> None:
        monkeypatch.undo()
        assert asked.wait(SECONDS_MAX)
        cafe.passes(seconds=61)
        assert quick.deliver_due() == 1
        may_answer.set()
        collect()

    # The slow one has nothing more to take up and turns to its answers: there it sleeps. Its push
    # is still under way when another takes the message up, and LINE takes it. The slow one is then
    # told that LINE was too busy for its own.
    monkeypatch.setattr(slow, "_collect", sleeps)
    line.during_push = keeps_the_first_waiting
    line.answers = [OK, TOO_FAST]
    slow.deliver_due()
    assert (len(line.accepted), row(cafe).status) == (1, "sent")


def test_a_message_is_queued_once_for_its_period(cafe: SmallClub, member: int) -> None:
    with cafe.store.begin() as uow:
        name = MessageKey(member, "rank", "p")
        later = cafe.now + timedelta(days=1)
        assert outbox.queue(uow, name, "{}", topic=None, now=cafe.now, useful_until=later)
        assert not outbox.queue(uow, name, "{}", topic=None, now=cafe.now, useful_until=later)


def test_one_messages_trouble_is_not_the_next_ones(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    other = cafe.joins("U" + "2" * 32)
    with cafe.store.begin() as uow:
        useful = cafe.now + timedelta(days=1)
        broken = MessageKey(member, "rank", "broken")
        outbox.queue(uow, broken, '{"kind":"?"}', topic=None, now=cafe.now, useful_until=useful)
    queue(cafe, other)
    delivery.deliver_due()
    assert [push.to for push in line.pushed] == [("U" + "2" * 32,)]
    assert row(cafe, "broken").status == "queued"
    cafe.passes(days=2)
    delivery.deliver_due()
    assert row(cafe, "broken").reason == "too_late"


def test_what_was_sent_long_ago_is_forgotten(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    queue(cafe, member)
    delivery.deliver_due()
    for days, gone in ((0, {}), (90, {}), (91, {"send_attempts": 1})):
        now = cafe.now + timedelta(days=days)
        found = prune.prune(cafe.store, now=now, wall=cafe.now, most=9)
        assert {name: count for name, count in found.items() if name == "send_attempts"} == gone
    assert row(cafe).status == "sent"


def test_the_worker_delivers_until_it_is_stopped(cafe: SmallClub, line: Line, member: int) -> None:
    worker = DeliveryWorker(Clockwork(cafe.club), seconds=0.02)
    worker.start()
    with pytest.raises(RuntimeError):
        worker.start()
    queue(cafe, member)
    until(lambda: row(cafe).status == "sent", "the worker")
    worker.stop()
    assert len(line.accepted) == 1
    queue(cafe, member, period="after")
    time.sleep(0.1)
    assert row(cafe, "after").status == "queued"


def test_nobody_waits_long_for_what_a_push_writes_at_once(
    cafe: SmallClub, line: Line, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(80):
        queue(cafe, cafe.joins(f"U{number:032x}"), f"{number}")
    taken, recorded = [], []

    def decides(uow: UnitOfWork, club: Club, take: DeliveryRound) -> Batch:
        batch = decide(uow, club, take)
        taken.append(batch.looked_at)
        return batch

    def records(
        work: Work, answers: Sequence[LineAnswer], *, patience: RetryPolicy
    ) -> Consequences:
        recorded.append(len(answers))
        return record(work, answers, patience=patience)

    monkeypatch.setattr("handlers.jobs.delivery.line.decide", decides)
    monkeypatch.setattr("handlers.jobs.delivery.line.record", records)
    assert delivery.deliver_due() == 80
    assert len(line.pushed) == sum(taken) == sum(recorded) == 80
    # One writes at a time on SQLite.
    most = 60 if cafe.store.is_sqlite else 500
    assert max(taken) <= most
    assert max(recorded) <= most
