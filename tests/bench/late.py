"""What comes late, is undone or merged, for a member who has come for years: their whole history
is judged anew. The limit is our goal: nobody at a counter should notice.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import count
from statistics import median

from bot.store import Store
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request, record
from handlers.actions.recording.work import Work
from handlers.commands.serving import set_up_python
from rules.activity import Purchase

from .club import CODES, DAY, OPENED, newcomer, timeline_of, visit
from .databases import Database
from .measure import Goal, Row, Sizes

SECONDS_MAX = 0.3
_HOUR = timedelta(hours=1)


def measure(databases: Sequence[Database], sizes: Sizes) -> list[Row]:
    set_up_python()
    return [row for database in databases for row in _on(database, sizes)]


def _on(database: Database, sizes: Sizes) -> list[Row]:
    store = Store(database.copy())
    try:
        club = _Club(store, sizes.history)
        samples = {name: [act() for act in acts] for name, acts in club.acts(sizes.rounds)}
    finally:
        store.close()
    return [
        Row(
            f"{name}, {sizes.history:,} activities, {database.name}",
            "s",
            median(taken),
            SECONDS_MAX,
            median(taken) / SECONDS_MAX,
            Goal(ours_max=SECONDS_MAX),
        )
        for name, taken in samples.items()
    ]


class _Club:
    """A club with members who come every other day and buy, of whom each act takes one."""

    def __init__(self, store: Store, history: int) -> None:
        self._store, self._timeline, self._history = store, timeline_of(store), history
        self._numbers = count(1_000_000)
        self._now = OPENED + (history + 2) * DAY
        self._branch = self._timeline.latest.programme.stores[0].id

    def acts(self, rounds: int) -> Iterator[tuple[str, list[Callable[[], float]]]]:
        """What is measured, and how to do it so often."""
        yield "late visit", [self._late(rounds)] * rounds
        yield "undo", [self._undo] * rounds
        yield "forced undo", [self._forced] * rounds
        yield "merge", [self._merge] * rounds

    def _late(self, rounds: int) -> Callable[[], float]:
        who, days = self._regular(), iter(range(1, 2 * rounds + 1, 2))

        def comes() -> float:
            at = OPENED + next(days) * DAY
            return self._seconds(lambda work: visit(work, who, at))

        return comes

    def _undo(self) -> float:
        who = self._regular()
        return self._seconds(lambda work: self._takes_back(work, who, force=False))

    def _forced(self) -> float:
        who = self._regular()
        with self._store.begin() as uow:
            work = self._at_the_counter(Work(uow, self._timeline, self._now, self._now, CODES))
            balance = adjust(work, who, 1, reason="bench").balance
            _is_done(adjust(work.under(f"bench:{who}:spent"), who, -balance, reason="bench"))
        return self._seconds(lambda work: self._takes_back(work, who, force=True))

    def _merge(self) -> float:
        keep, other = self._regular(), self._regular()
        return self._seconds(lambda work: _is_done(merge(work, MergeRequest(keep, other))))

    def _takes_back(self, work: Work, who: int, *, force: bool) -> None:
        first = f"bench:{who}:{(OPENED + 2 * DAY).isoformat()}"
        outcome = undo(work, UndoRequest(who, first, reason="bench", force=force))
        if not outcome.done:
            raise RuntimeError(f"it was not undone: {outcome.refused}")

    def _regular(self) -> int:
        """Somebody new with as long a history."""
        with self._store.begin() as uow:
            work = Work(uow, self._timeline, OPENED, OPENED, CODES)
            who = newcomer(work, next(self._numbers))
            for day in range(2, self._history, 2):
                at = OPENED + day * DAY
                visit(work, who, at)
                bought = Request(who, Purchase(2_400), at + _HOUR, self._branch)
                then = work.moment(bought.at).under(f"bench:{who}:bought:{day}")
                _is_done(record(then.acting("staff"), bought))
        return who

    def _at_the_counter(self, work: Work) -> Work:
        key = f"bench:{next(self._numbers)}"
        return work.acting(Actor(1, "bench", "owner", self._branch)).under(key)

    def _seconds(self, act: Callable[[Work], object]) -> float:
        began = time.perf_counter()
        with self._store.begin() as uow:
            act(self._at_the_counter(Work(uow, self._timeline, self._now, self._now, CODES)))
        return time.perf_counter() - began


def _is_done(outcome: Outcome) -> None:
    if not outcome.done:
        raise RuntimeError(f"it was refused: {outcome.refused}")
