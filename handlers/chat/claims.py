"""An event in our hands: ours until its lease ends, to be answered while its reply token lives."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import metrics
from bot.line.events import Event, parse
from bot.store import UnitOfWork
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ClaimedEvent
from handlers.club import Club

#: Longer than the whole ever takes (LINE asked twice, then the reply, at 13 s each), shorter than a
#: reply token lives: what is taken up again can still be replied to.
LEASE = timedelta(seconds=40)
#: A reply that has not begun by then could be answered after the end of the lease.
BEGINS_WITHIN = LEASE - timedelta(seconds=13)
#: LINE takes a reply token for about a minute after it was received.
TOKEN_LIFE = timedelta(seconds=50)
#: Waits before the next attempts. All of them fit into the life of a reply token, so that whoever
#: waits for an answer either gets it or is told.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (1, 4, 10, 20))


@dataclass(frozen=True, slots=True)
class Claim:
    """An event that we hold. `at` is when we took it up, of time.time."""

    taken: ClaimedEvent
    event: Event
    at: float = field(default_factory=time.time)

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


def claim_next(club: Club) -> Claim | None:
    """The oldest event that is open and has to wait for no other, or None."""
    with club.store.begin() as uow:
        claimed = webhook_events.claim(uow, now=club.now(), lease=LEASE, limit=1)
    return Claim(claimed[0], parse(claimed[0].body)) if claimed else None


def note_failure(uow: UnitOfWork, claim: Claim, error: str, *, now: datetime) -> bool:
    """Lets a later attempt try again; True where there were enough, and the event is put aside."""
    taken = claim.taken
    wait = BACKOFF[min(taken.attempt, len(BACKOFF)) - 1]
    return webhook_events.note_failure(
        uow, taken.event_id, error, attempt=taken.attempt, retry_at=now + wait
    )
