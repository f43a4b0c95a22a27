"""LINE fails in every way it knows while workers are killed: each message still arrives once.

What arrived is LINE's own count, not ours.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing.context import ForkServerProcess
from typing import Any

import psycopg
from sqlalchemy import insert, select, text

from bot.line.messages import text_message
from bot.store.finding import due_members, ticks
from bot.store.messages import outbox
from bot.store.messages.outbox import MessageKey, PlannedMessage
from bot.store.tables import line_accounts, members, send_attempts
from bot.store.tables import outbox as table
from handlers.actions.telling.messages import SayMessages
from tests.conftest import FreshDatabase
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.jobs.line import (
    BROKEN,
    BROKEN_AFTER,
    LATE,
    OK,
    SILENCE,
    SILENCE_AFTER,
    TAKEN_ALREADY,
    TOO_FAST,
    USED_UP,
    Line,
    Reaction,
    line_on_loopback,
)
from tests.handlers.jobs.messages import statuses, user
from tests.handlers.jobs.processes import (
    Nursery,
    keep_schedule,
    kill,
    work,
    work_slowly,
    work_until_stopped,
)
from tests.waiting import SECONDS_MAX, until

SEED = 20260105
#: How often LINE reacts how, in a hundred.
REACTIONS = {
    OK: 60, BROKEN: 7, BROKEN_AFTER: 7, SILENCE: 6, SILENCE_AFTER: 7, LATE: 6, TOO_FAST: 5,
    USED_UP: 2,
}  # fmt: skip
MEMBERS = 240
#: Whom the night's work warns: each is judged by it first, which takes longer than to tell them.
IN_DANGER = 60
#: 10:30 in Japan on 25 March: a week before the month's end, members are warned of their rank.
WARNING_DAY = datetime(2026, 3, 25, 1, 30, tzinfo=UTC)


def _failing(line: Line) -> None:
    """Makes LINE fail by the plan. Whenever the quota is looked at there is a bigger plan."""
    chance = random.Random(SEED)
    plans = count(100_000)
    reactions, weights = list(REACTIONS), list(REACTIONS.values())

    def react() -> Reaction:
        return chance.choices(reactions, weights)[0]

    line.react = react
    line.quota = lambda: {"type": "limited", "value": next(plans)}  # type: ignore[method-assign]


@contextmanager
def _club_with_much_to_say(url: str, line: Line) -> Iterator[SmallClub]:
    """A word for everybody: half of them are told something of their own, the others the same."""
    with club_on(url, line_url=line.url) as club:
        _clone(club, club.joins(user(0)), MEMBERS - 1)
        everyone = list(due_members.everyone(club.store))
        with club.store.begin() as uow:
            queued = outbox.queue_many(
                uow,
                [_word(club, member, f"あなたに{member}" if member % 2 else "みなさんに")
                 for member in everyone],
            )  # fmt: skip
        assert queued == MEMBERS
        yield club


def _word(club: SmallClub, member: int, words: str) -> PlannedMessage:
    say = SayMessages(messages=(text_message(words),)).model_dump_json()
    useful = club.now + timedelta(days=3)
    return PlannedMessage(member, "news", "p", say, "ranks", club.now, club.now, useful)


def _clone(club: SmallClub, member: int, copies: int) -> None:
    """So many more members with the same past: it need not be lived through by each."""
    with club.store.begin() as uow:
        model = dict(uow.run(select(members).where(members.c.id == member)).one()._mapping)
        account = dict(uow.run(select(line_accounts)).one()._mapping)
        del model["id"]
        rows: list[dict[str, Any]] = [
            {**model, "number": f"9{n:07}", "line_user_id": user(n)} for n in range(1, copies + 1)
        ]
        uow.run(insert(members), rows)
        ids = uow.run(select(members.c.line_user_id, members.c.id).where(members.c.id != member))
        uow.run(
            insert(line_accounts),
            [{**account, "user_id": who, "member_id": each} for who, each in ids.all()],
        )


def _open(club: SmallClub) -> int:
    counts = statuses(club)
    return counts.get("queued", 0) + counts.get("sending", 0)


def _killed_at_random(
    club: SmallClub, workers: list[ForkServerProcess], new: Callable[[], ForkServerProcess]
) -> int:
    """Kills one worker after another and starts new ones, until all is delivered; gives how many
    were killed while there was something to do."""
    chance, killed = random.Random(SEED), 0
    give_up = time.monotonic() + SECONDS_MAX
    while _open(club):
        assert time.monotonic() < give_up, f"not delivered in time: {statuses(club)}"
        time.sleep(chance.uniform(0.05, 0.3))
        if killed < 12:
            place = chance.randrange(len(workers))
            kill(workers[place])
            killed += 1
            workers[place] = new()
    return killed


def _arrived_once(club: SmallClub, line: Line, journey: str, total: int) -> None:
    """By LINE's own count: nobody got it twice, and nobody is missing but the uncertain."""
    with club.store.read() as uow:
        rows = uow.run(
            select(table.c.status, members.c.line_user_id)
            .join(members, members.c.id == table.c.member_id)
            .where(table.c.journey == journey)
        ).all()
    got = Counter[str]()
    for (who, _), times in line.arrived.items():
        got[who] += times
    assert len(rows) == total
    assert set(got.values()) == {1}
    for status, who in rows:
        assert status in ("sent", "uncertain")
        assert got[who] == 1 or status == "uncertain"


def _it_was_hard(line: Line) -> None:
    """That the plan was carried out: LINE failed in every way, and was asked again."""
    seen = Counter(push.answer for push in line.pushed)
    assert set(seen) >= {OK, BROKEN, BROKEN_AFTER, SILENCE, SILENCE_AFTER, LATE, TAKEN_ALREADY}


def test_on_sqlite_one_process_killed_and_started_again(
    fresh_sqlite: FreshDatabase, nursery: Nursery
) -> None:
    with fresh_sqlite() as url, line_on_loopback() as line:
        _failing(line)
        with _club_with_much_to_say(url, line) as club:
            offset = club.now - datetime.now(UTC)

            def new() -> ForkServerProcess:
                return nursery.starts(work, url, line.url, offset, alone=True)

            assert _killed_at_random(club, [new()], new) >= 3
            _arrived_once(club, line, "news", MEMBERS)
            _it_was_hard(line)


def test_on_postgresql_four_workers_killed_at_random(
    fresh_postgresql: FreshDatabase, nursery: Nursery
) -> None:
    with fresh_postgresql() as url, line_on_loopback() as line:
        _failing(line)
        with _club_with_much_to_say(url, line) as club:
            offset = club.now - datetime.now(UTC)

            def new() -> ForkServerProcess:
                return nursery.starts(work, url, line.url, offset)

            assert _killed_at_random(club, [new() for _ in range(4)], new) >= 3
            _arrived_once(club, line, "news", MEMBERS)
            _it_was_hard(line)


def _on_their_way(club: SmallClub) -> set[str]:
    """The retry keys of what is neither queued nor done."""
    with club.store.read() as uow:
        open_ones = select(send_attempts.c.id).where(send_attempts.c.status == "open")
        return set(uow.run(open_ones).scalars())


def test_a_worker_told_to_end_does_so_soon_and_leaves_nothing_on_its_way(
    fresh_sqlite: FreshDatabase, nursery: Nursery
) -> None:
    with (
        fresh_sqlite() as url,
        line_on_loopback() as line,
        _club_with_much_to_say(url, line) as club,
    ):
        line.react = lambda: Reaction(200, takes=True, seconds=0.3)
        offset = club.now - datetime.now(UTC)
        worker = nursery.starts(work_until_stopped, url, line.url, offset)
        until(lambda: line.accepted != [], "the first message")
        worker.terminate()
        worker.join(SECONDS_MAX)
        assert worker.exitcode == 0
        # What LINE was not asked yet is queued, for whoever comes next.
        assert _on_their_way(club) <= {push.retry_key for push in line.pushed}
        line.react = lambda: OK
        nursery.starts(work, url, line.url, offset, alone=True)
        until(lambda: not _open(club), "everything to be delivered")
        _arrived_once(club, line, "news", MEMBERS)


def test_processes_share_lines_rate(fresh_postgresql: FreshDatabase, nursery: Nursery) -> None:
    rate = 80
    with (
        fresh_postgresql() as url,
        line_on_loopback() as line,
        _club_with_much_to_say(url, line) as club,
    ):
        offset = club.now - datetime.now(UTC)
        for _ in range(4):
            nursery.starts(work_slowly, url, line.url, offset, rate)
        until(lambda: not _open(club), "everything to be delivered")
    pushes = sorted(push.at for push in line.pushed if len(push.to) == 1)
    assert len(pushes) >= MEMBERS // 2
    # By LINE's own clock. Each at that rate by itself would take a quarter of the time; what comes
    # late on a busy machine makes up for it.
    assert pushes[-1] - pushes[0] > 0.5 * len(pushes) / rate


def test_two_schedulers_and_four_workers_the_leader_killed_in_the_middle_of_its_tick(
    fresh_postgresql: FreshDatabase, nursery: Nursery
) -> None:
    with (
        fresh_postgresql() as url,
        line_on_loopback() as line,
        club_on(url, line_url=line.url) as club,
    ):
        _failing(line)
        everyone = _members_with_a_rank_to_lose(club)
        offset = WARNING_DAY - datetime.now(UTC)
        schedulers = {
            name: nursery.starts(keep_schedule, f"{url}&application_name={name}", line.url, offset)
            for name in ("scheduler_1", "scheduler_2")
        }
        workers = [nursery.starts(work, url, line.url, offset) for _ in range(4)]
        with _held_up(club):
            until(lambda: _warned(club) > everyone // 10, "the tick to begin")
            leader = _leader(url)
            kill(schedulers[leader])
            kill(workers[0])
            assert _warned(club) < everyone
        until(lambda: _leader(url) not in ("", leader), "the other scheduler to lead")
        until(lambda: _night_is_done(club), "the night's work to be finished")
        until(lambda: not _open(club), "everything to be delivered")
        _arrived_once(club, line, "rank_at_risk", everyone)


def _members_with_a_rank_to_lose(club: SmallClub) -> int:
    member = club.joins(user(0))
    for _ in range(3):
        club.passes(days=1)
        club.visits(member)
    _clone(club, member, IN_DANGER - 1)
    return IN_DANGER


class _ThinksBetter(Exception):
    """What somebody began is not done after all."""


@contextmanager
def _held_up(club: SmallClub) -> Iterator[None]:
    """The night's work waits in its middle: somebody else seems to warn that member just now."""
    everyone = list(due_members.everyone(club.store))
    name = MessageKey(everyone[len(everyone) // 2], "rank_at_risk", "2026-03-01")
    with suppress(_ThinksBetter), club.store.begin() as uow:
        # Without a hold on the member, whose months the night's work judges first.
        uow.run(text("SET LOCAL session_replication_role = replica"))
        assert outbox.queue(uow, name, "{}", topic="ranks", now=club.now, useful_until=club.now)
        yield
        raise _ThinksBetter


def _warned(club: SmallClub) -> int:
    return sum(statuses(club).values())


def _night_is_done(club: SmallClub) -> bool:
    with club.store.read() as uow:
        return ticks.tick_done(uow, "tick:nightly:2026-03-25")


def _leader(url: str) -> str:
    """The name of the process that holds the lock; empty when none does."""
    query = """
        SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND granted AND database = (
            SELECT oid FROM pg_database WHERE datname = current_database())
    """
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        found: Sequence[tuple[str]] = connection.execute(query).fetchall()
    return found[0][0] if found else ""
