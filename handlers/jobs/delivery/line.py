"""Delivery: queued messages out to LINE, each exactly once as far as anyone can know.

Whether and what to send is decided when a worker claims a message; it is frozen there together
with LINE's retry key, before the first try. What may have arrived is repeated under that key
(LINE Messaging API, "Retry failed API requests"); what LINE is known not to have taken is decided
on anew. LINE is never asked inside a transaction.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import RLock

import structlog

from bot import metrics
from bot.line.limits import MULTICASTS_PER_SECOND, PUSHES_PER_SECOND
from bot.line.sender import SendRequest
from bot.store.engine.pace import Pace
from bot.store.messages import attempts, outbox
from bot.store.messages.attempts import Attempt, AttemptKind
from handlers.club import Club
from rules.programme.timeline import Timeline
from rules.sending.policy import time_to_quiet

from .decisions import NOTHING, Batch, DeliveryRound, decide
from .outcomes import LineAnswer, RetryPolicy, record
from .quota import QuotaMonth
from .retries import give_up, repeat

log = structlog.get_logger(__name__)

RATES: dict[AttemptKind, float] = {"push": PUSHES_PER_SECOND, "multicast": MULTICASTS_PER_SECOND}
#: Messages decided on in one transaction, at most, and how long that may take: somebody may wait at
#: the counter for one of its members, and on SQLite whoever wants to write.
BATCH, BATCH_SECONDS = 500, 0.1
_BATCH_MIN = 40
BATCH_ON_SQLITE, BATCH_SECONDS_ON_SQLITE = 60, 0.02
#: So many answers are written down in one transaction, at most, and not before so many are there or
#: so many seconds are over.
_RECORD_TOGETHER, _RECORD_TOGETHER_ON_SQLITE, _RECORD_SECONDS = 250, 60, 0.05

PATIENCE = RetryPolicy()


@dataclass(frozen=True, slots=True)
class _TimeSlice:
    """How long new messages are taken up: `until` then (of time.monotonic), unless all is
    `stopping`."""

    until: float
    stopping: Callable[[], bool]

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until or self.stopping()


def goes_on() -> bool:
    """What nobody stops."""
    return False


class Delivery:
    """Delivers what is due. Any number may run at once, in any number of processes; each does one
    thing at a time, whoever calls it."""

    def __init__(self, club: Club, patience: RetryPolicy = PATIENCE) -> None:
        self._club = club
        self._patience = patience
        self._pace = Pace(club.store, {str(kind): rate for kind, rate in RATES.items()})
        self._sender = club.line.sender()
        self._sent: dict[str, Attempt] = {}
        self._month = QuotaMonth(club, patience)
        alone = club.store.is_sqlite
        # So long before half the lease is over, when what did not begin is given up.
        self._ahead_max = patience.lease.total_seconds() / 4
        most = BATCH_ON_SQLITE if alone else BATCH
        self._batch = min(most, math.ceil(RATES["push"] * self._ahead_max))
        self._on_the_way_max = 2 * min(BATCH, math.ceil(RATES["push"] * self._ahead_max))
        self._size = self._batch
        self._batch_seconds = BATCH_SECONDS_ON_SQLITE if alone else BATCH_SECONDS
        self._together = _RECORD_TOGETHER_ON_SQLITE if alone else _RECORD_TOGETHER
        self._one_at_a_time = RLock()
        self._paced_until = 0.0
        self._answers: list[LineAnswer] = []
        self._recorded_at = time.monotonic()

    def deliver_due(
        self, *, seconds_max: float = math.inf, stopping: Callable[[], bool] = goes_on
    ) -> int:
        """Delivers, puts off or ends every message due now; gives how many it looked at.

        After `seconds_max` it leaves the rest for another time. Once it is `stopping` it waits for
        what LINE has been asked already alone: the rest is queued again.
        """
        turn = _TimeSlice(time.monotonic() + seconds_max, stopping)
        looked_at, more = 0, True
        with self._one_at_a_time:
            while more and not turn.is_over and self._is_any_due():
                looked, more = self._round(turn)
                looked_at += looked
            self._sender.stop()
        return looked_at

    def _is_any_due(self) -> bool:
        now = self._club.now()
        with self._club.store.read() as uow:
            return outbox.is_due(uow, now=now) or attempts.is_due(uow, now=now)

    def _round(self, turn: _TimeSlice) -> tuple[int, bool]:
        """Takes up batch after batch while those before are on their way, and ends when all have
        been answered; gives how many messages it looked at, and whether some are due again."""
        looked_at, more, again = 0, True, False
        self._size = self._batch
        while True:
            more = more and not turn.is_over
            if more and self._has_room():
                batch, begin_by = self._next_batch()
                looked_at += batch.looked_at
                more = batch.looked_at > 0
                self._send(batch.attempts, begin_by)
            elif not self._sender.on_the_way:
                break
            else:
                if turn.stopping():
                    self._sender.give_back()
                self._collect()
            if self._is_time_to_record():
                again = self._record() or again
        while self._answers:
            again = self._record() or again
        return looked_at, again

    def _has_room(self) -> bool:
        """Whether what is taken up now goes out soon: LINE's rate may be given away for a while."""
        ahead = self._paced_until - time.monotonic()
        return self._sender.on_the_way < self._on_the_way_max and ahead < self._ahead_max

    def _next_batch(self) -> tuple[Batch, float]:
        """What is to be repeated, before anything new; and the moment (of time.time) by which it
        has to begin."""
        try:
            month = self._month.look(self._club.now())
            wanted = self._month.demands(month, self._club.now())
            # Only now: LINE may have been asked for the month's figures, and that takes its time.
            now, timeline = self._club.now(), self._club.timeline()
            begin_by = time.time() + self._time_to_begin(timeline, now).total_seconds()
            take = DeliveryRound(now, self._size, self._patience.lease, wanted, self._batch_seconds)
            # While another worker asks LINE for a new month's figures, nobody knows the plan.
            held = month.held or not month.asked
            with self._club.work() as work:
                gone = give_up(work)
                batch = NOTHING if held else repeat(work, take)
                if not batch.looked_at and not held:
                    batch = decide(work.uow, self._club, take)
        except Exception:
            # Nothing is lost: what was not committed is queued, and due.
            log.exception("delivery_failed")
            return NOTHING, 0.0
        # Not many more than there was time for: what is claimed for nothing costs time too.
        self._size = min(self._batch, max(_BATCH_MIN, 2 * batch.looked_at))
        metrics.count_messages(batch.outcomes + Counter(uncertain=gone))
        return batch, begin_by

    def _time_to_begin(self, timeline: Timeline, now: datetime) -> timedelta:
        """How long what is decided on at `now` may wait for its turn: half the lease, so that it is
        answered before the end of it, but not into quiet hours."""
        programme = timeline.at(now).programme
        most = self._patience.lease / 2
        return time_to_quiet(programme.sending, programme.shop, now, most=most)

    def _send(self, made: Sequence[Attempt], begin_by: float) -> None:
        # One that is under way here came up again: its lease ran out, as when the machine slept.
        new = [attempt for attempt in made if attempt.id not in self._sent]
        for kind, rate in RATES.items():
            of_kind = [attempt for attempt in new if attempt.kind == kind]
            if of_kind:
                begin_in = self._pace.reserve(kind, len(of_kind))
                ends = time.monotonic() + begin_in + len(of_kind) / rate
                self._paced_until = max(self._paced_until, ends)
                self._sent |= {attempt.id: attempt for attempt in of_kind}
                requests = [SendRequest(a.id, kind, a.body.encode(), begin_by) for a in of_kind]
                self._sender.give(requests, begin_in=begin_in, seconds_each=1 / rate)

    def _collect(self) -> None:
        for request, said in self._sender.collect(seconds_max=_RECORD_SECONDS):
            self._answers.append(LineAnswer(self._sent.pop(request.retry_key), said))

    def _is_time_to_record(self) -> bool:
        waited = time.monotonic() - self._recorded_at > _RECORD_SECONDS
        return bool(self._answers) and (waited or len(self._answers) >= self._together)

    def _record(self) -> bool:
        """Writes down what was answered first; gives whether something is due again at once."""
        answers = self._answers[: self._together]
        del self._answers[: self._together]
        self._recorded_at = time.monotonic()
        try:
            with self._club.work() as work:
                found = record(work, answers, patience=self._patience)
        except Exception:
            # The attempts stay open; at the end of the lease LINE tells again what it took.
            log.exception("answers_not_recorded", answers=len(answers))
            return False
        for kind in found.too_fast:
            self._pace.slow_down(kind, self._patience.rest.total_seconds())
        metrics.count_messages(found.outcomes)
        return found.more_is_due
