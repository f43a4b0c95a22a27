"""An event in our hands: ours until its lease ends, to be answered while its reply token lives."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import metrics
from bot.line.events import Event, parse
from bot.store import UnitOfWork
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ATTEMPTS_MAX, ClaimedEvent
from handlers.club import Club

from .introductions import Introduction

#: Longer than the whole ever takes (LINE asked who that is, then the reply, at 13 s each), shorter
#: than a reply token lives: what is taken up again can still be replied to.
LEASE = timedelta(seconds=40)
#: A reply that has not begun by then could be answered after the end of the lease.
BEGINS_WITHIN = LEASE - timedelta(seconds=13)
#: LINE takes a reply token for about a minute after it was received.
TOKEN_LIFE = timedelta(seconds=50)
#: Waits before the next attempts. All of them fit into the life of a reply token, so that whoever
#: waits for an answer either gets it or is told.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (1, 4, 10, 20))

#: So many turns within so many seconds are an account's share. Nobody who reads what we answer
#: writes as fast; and whoever waits for it to be theirs again waits no longer than that.
SHARE, SHARE_SECONDS = 4, 10.0


@dataclass(frozen=True, slots=True)
class Claim:
    """An event that we hold. `at` is when we took it up, of time.time."""

    taken: ClaimedEvent
    event: Event
    #: Until then it is nobody else's.
    ours_until: datetime
    at: float = field(default_factory=time.time)
    #: None until LINE was asked who that is, which it seldom is.
    introduction: Introduction | None = None

    @property
    def is_last(self) -> bool:
        """Whether there is no further attempt after this one."""
        return self.taken.attempt >= ATTEMPTS_MAX

    def may_be_others(self, now: datetime) -> bool:
        """Whether somebody else may have the event in hand, too, or have had it before."""
        return self.taken.attempt > 1 or now >= self.ours_until

    def is_answerable(self, now: datetime) -> bool:
        """Whether LINE still takes a reply."""
        return self.event.reply_token is not None and now - self.taken.received_at <= TOKEN_LIFE

    def begin_by(self, now: datetime) -> float:
        """The moment, of time.time, by which a reply has to begin."""
        token_ends = time.time() + (self.taken.received_at + TOKEN_LIFE - now).total_seconds()
        return min(token_ends, self.at + BEGINS_WITHIN.total_seconds())

    def count(self, outcome: str) -> None:
        """Counts how it ended, in one word."""
        kind, seconds = type(self.event).__name__, time.time() - self.at
        metrics.count_event_handled(kind=kind, outcome=outcome, seconds=max(seconds, 0))


class Shares:
    """Who had how many turns lately: who had their share lets those go first who hadn't."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._change = threading.Lock()
        self._lately: deque[tuple[float, str]] = deque()
        self._count: Counter[str] = Counter()
        self._had: set[str] = set()

    def note(self, claimed: Iterable[ClaimedEvent]) -> None:
        """Notes whose events were taken up."""
        with self._change:
            for each in claimed:
                user = each.user_id or ""
                self._lately.append((self._clock(), user))
                self._count[user] += 1
                if self._count[user] >= SHARE:
                    self._had.add(user)

    def had(self) -> frozenset[str]:
        """Who had their share; "" is who writes in a group."""
        with self._change:
            while self._lately and self._lately[0][0] <= self._clock() - SHARE_SECONDS:
                _, user = self._lately.popleft()
                self._count[user] -= 1
                if self._count[user] < SHARE:
                    self._had.discard(user)
                if not self._count[user]:
                    del self._count[user]
            return frozenset(self._had)


def claim_next(club: Club, most: int = 1, shares: Shares | None = None) -> list[Claim]:
    """The oldest events that are open and have to wait for no other, `most` of them; of those who
    had their share lately only where nobody else waits."""
    had = shares.had() if shares else frozenset()
    # Should the power fail, a claim that was lost with it is a lease that ended early.
    now = club.now()
    with club.store.stroke() as uow:
        claimed = webhook_events.claim(uow, now=now, lease=LEASE, limit=most, but=had)
    if shares:
        shares.note(claimed)
    return [Claim(each, parse(each.body), now + LEASE) for each in claimed]


def note_failure(uow: UnitOfWork, claim: Claim, error: str, *, now: datetime) -> None:
    """Lets a later attempt try again."""
    taken = claim.taken
    wait = BACKOFF[min(taken.attempt, len(BACKOFF)) - 1]
    webhook_events.note_failure(
        uow, taken.event_id, error, attempt=taken.attempt, retry_at=now + wait
    )
