"""What becomes of a message by what LINE said to an attempt at it."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.line.client import Acceptance
from bot.line.errors import (
    LineError,
    LineRejected,
    LineUnavailable,
    MonthlyLimitReached,
    RateLimited,
)
from bot.store.messages import attempts, quota
from bot.store.messages.attempts import Attempt, AttemptKind, EndedAttempt, ThawedAttempt
from handlers.actions.recording.work import Work
from rules.sending.quota import look_again, month_of, next_month_begins

from .promises import end

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What LINE said to an attempt."""

    attempt: Attempt
    said: Acceptance | LineError


#: By these LINE refuses this very message (Messaging API reference, "Status codes"; 413: it is too
#: long). By any other it is our token that is wrong, or whoever answers is not LINE (a wrong
#: address, a proxy), which somebody will mend.
_THIS_MESSAGE = (400, 413)
#: What waits for messages in the month's quota, by the reason noted with it.
FOR_QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long is waited for what."""

    #: Longer than a try ever takes.
    lease: timedelta = timedelta(seconds=60)
    #: Before a message is tried again, by how often it was tried.
    backoff: tuple[timedelta, ...] = tuple(timedelta(seconds=s) for s in (5, 20, 60, 300, 900))
    #: For a token that LINE takes.
    credentials: timedelta = timedelta(seconds=60)
    #: Before LINE is asked for the month's figures again.
    quota: timedelta = timedelta(seconds=60)
    #: An endpoint rests for so long when LINE finds us too fast.
    rest: timedelta = timedelta(seconds=1)

    def before_try(self, tries: int) -> timedelta:
        """The wait after so many tries, spread out, so that what failed together does not come back
        together."""
        wait = self.backoff[min(tries, len(self.backoff)) - 1]
        return wait * random.uniform(0.8, 1.2)  # noqa: S311


@dataclass(slots=True)
class Consequences:
    """What follows from a number of answers."""

    now: datetime
    patience: RetryPolicy
    ended: list[EndedAttempt] = field(default_factory=list)
    thawed: list[ThawedAttempt] = field(default_factory=list)
    #: Attempts to be repeated, and when.
    put_off: list[tuple[str, datetime]] = field(default_factory=list)
    holds: set[quota.Hold] = field(default_factory=set)
    #: The endpoints at which LINE finds us too fast.
    too_fast: set[AttemptKind] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def more_is_due(self) -> bool:
        """Whether something may go out at once."""
        return not self.holds and any(each.not_before <= self.now for each in self.thawed)

    def follow(self, answer: LineAnswer) -> None:
        attempt, said = answer.attempt, answer.said
        if isinstance(said, Acceptance):
            self._count("sent", attempt)
            self.ended.append(EndedAttempt(attempt.id, "delivered", None, said.request_id))
            return
        log.warning("send_failed", attempt=attempt.kind, kind=type(said).__name__)
        if isinstance(said, MonthlyLimitReached):
            self._no_more_this_month(attempt)
        elif isinstance(said, LineRejected) and said.status not in _THIS_MESSAGE:
            self.holds.add("credentials")
            self._not_taken(attempt, "credentials", wait=timedelta(0), tried=False)
        elif said.permanent:
            self._refused(attempt, said)
        else:
            self._trouble(attempt, said)

    def _no_more_this_month(self, attempt: Attempt) -> None:
        if attempt.kind == "multicast" and not attempt.again:
            # It asked for more than are left: who comes first gets those.
            self._split(attempt)
            return
        self.holds.add("monthly_limit")
        self._not_taken(attempt, FOR_QUOTA, wait=timedelta(0), tried=False)

    def _trouble(self, attempt: Attempt, said: LineError) -> None:
        if isinstance(said, RateLimited):
            self.too_fast.add(attempt.kind)
        elif not isinstance(said, LineUnavailable) or said.maybe_done:
            self._repeat(attempt, self.patience.before_try(attempt.tries))
            return
        wait = self.patience.before_try(attempt.refused + 1)
        self._not_taken(attempt, "line_unavailable", wait=wait, tried=True)

    def _not_taken(self, attempt: Attempt, reason: str, *, wait: timedelta, tried: bool) -> None:
        """LINE did not take it this time; if it can't have before, it is decided on anew."""
        if attempt.again:
            # What may have arrived keeps its key, and costs nothing if it did.
            self._repeat(attempt, max(wait, self.patience.before_try(attempt.tries)))
            return
        self._count("not_taken", attempt)
        self.thawed.append(ThawedAttempt(attempt.id, self.now + wait, reason, tried))

    def _refused(self, attempt: Attempt, said: LineError) -> None:
        """The request will never be taken as it is."""
        reason = type(said).__name__
        if attempt.again:
            # An earlier try may have been taken all the same: nobody can say any more.
            self._count("uncertain", attempt)
            self.ended.append(EndedAttempt(attempt.id, "uncertain", reason))
        elif attempt.kind == "multicast":
            # One among them may be the reason: each for itself, so that the others get theirs.
            self._split(attempt)
        else:
            self._count("failed", attempt)
            self.ended.append(EndedAttempt(attempt.id, "failed", reason))

    def _split(self, attempt: Attempt) -> None:
        self._count("not_taken", attempt)
        self.thawed.append(ThawedAttempt(attempt.id, self.now, "split", tried=False, alone=True))

    def _repeat(self, attempt: Attempt, wait: timedelta) -> None:
        self._count("repeated", attempt)
        self.put_off.append((attempt.id, self.now + wait))

    def _count(self, outcome: str, attempt: Attempt) -> None:
        self.outcomes[outcome] += attempt.recipients


def record(work: Work, answers: Sequence[LineAnswer], *, patience: RetryPolicy) -> Consequences:
    """Writes down what follows from the answers."""
    consequences = Consequences(work.now, patience)
    for answer in answers:
        consequences.follow(answer)
    shop = work.programme.shop
    month = month_of(shop, work.now)
    end(work, consequences.ended)
    attempts.put_off(work.uow, consequences.put_off)
    given_back = attempts.thaw(work.uow, consequences.thawed) + consequences.outcomes["failed"]
    quota.spend(work.uow, month, -given_back)
    if "monthly_limit" in consequences.holds:
        has_plan = quota.state(work.uow, month, now=work.now).plan is not None
        until = next_month_begins(shop, work.now) if has_plan else look_again(shop, work.now)
        quota.hold(work.uow, month, until=until, reason="monthly_limit")
    if "credentials" in consequences.holds:
        quota.hold(work.uow, month, until=work.now + patience.credentials, reason="credentials")
    return consequences
