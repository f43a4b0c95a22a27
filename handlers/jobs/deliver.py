"""Delivery: queued messages out to LINE, each exactly once as far as anyone can know.

Whether and what to send is decided when a worker has claimed the message. What is sent is frozen
together with LINE's retry key before the first attempt; attempts repeat that body under that key
for 24 hours (LINE Messaging API, "Retry failed API requests"), then it is "uncertain".
"""

import json
import math
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import uuid4

import structlog

from bot.line.errors import LineError, MonthlyLimitReached
from bot.store import UnitOfWork, ledger, line_accounts, members, outbox
from bot.store.members import Member
from bot.store.outbox import Queued
from handlers.actions import notify
from handlers.club import Club
from rules.names import greeting
from rules.sending import Recipient, Send, Skip, Wait, may_send

from .wording import Reader, messages

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=90)
BATCH = 50
#: How long LINE knows a retry key.
RETRY_KEY_LIFE = timedelta(hours=24)
#: These say that our token is wrong, which somebody will mend; not that the message is.
_OUR_CREDENTIALS = (401, 403)
#: How long a message waits when the month's quota is used up, before it is looked at again.
HOLD = timedelta(hours=6)
_BACKOFF_SECONDS = (5, 20, 60, 300, 900)
_QUOTA_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Ready:
    """A message decided on: whom it goes to, and what is sent, word for word. `again` when an
    earlier attempt may have reached LINE."""

    to: str
    body: str
    retry_key: str
    again: bool


class Delivery:
    """Delivers what is due. Any number may run at once, in any number of processes."""

    def __init__(self, club: Club) -> None:
        self._club = club
        self._quota = _QuotaLeft(club)

    def deliver_due(self, *, seconds_max: float = math.inf) -> int:
        """Delivers, puts off or ends every message due now; gives how many it looked at.

        After `seconds_max` it leaves the rest for another time: a process that is told to stop has
        to wait for the batch in hand alone.
        """
        looked_at, began = 0, time.monotonic()
        while time.monotonic() - began < seconds_max and (batch := self._claim()):
            for queued in batch:
                self._deliver_one(queued)
            looked_at += len(batch)
        return looked_at

    def _claim(self) -> list[Queued]:
        with self._club.store.begin() as uow:
            return outbox.claim(uow, now=self._club.now(), lease=LEASE, limit=BATCH)

    def _deliver_one(self, queued: Queued) -> None:
        try:
            # LINE is asked before the transaction, never inside.
            quota_left = self._quota.left()
            with self._club.store.begin() as uow:
                ready = self._decide(uow, queued, quota_left, self._club.now())
            if ready is not None:
                self._push(queued, ready)
        except Exception:
            # One message's trouble is not the next one's. The lease brings this one back.
            log.exception("delivery_failed", journey=queued.name.journey)

    def _decide(
        self, uow: UnitOfWork, claimed: Queued, quota_left: int | None, now: datetime
    ) -> _Ready | None:
        # One decision at a time for one member, or two workers would both be within the caps.
        member = members.lock(uow, claimed.name.member_id)
        queued = outbox.hold(uow, claimed, now=now, lease=LEASE)
        if queued is None:
            return None
        tried_at = queued.first_tried_at
        if tried_at is not None and now - tried_at >= RETRY_KEY_LIFE:
            outbox.close(uow, queued.name, "uncertain", "unknown_after_24h")
            return None
        verdict = self._verdict(uow, queued, member, quota_left, now)
        if isinstance(verdict, Skip):
            # One that was tried may have arrived: nobody can say any more.
            status: outbox.Status = "uncertain" if tried_at else "skipped"
            outbox.close(uow, queued.name, status, verdict.reason)
            return None
        if isinstance(verdict, Wait):
            outbox.later(uow, queued.name, not_before=verdict.until, tried=False)
            return None
        return (
            self._again(uow, queued, member) if tried_at else self._freeze(uow, queued, member, now)
        )

    def _again(self, uow: UnitOfWork, queued: Queued, member: Member) -> _Ready | None:
        if not (queued.body and queued.retry_key and member.line_user_id):
            outbox.close(uow, queued.name, "failed", "body_missing")
            return None
        return _Ready(member.line_user_id, queued.body, queued.retry_key, again=True)

    def _verdict(
        self,
        uow: UnitOfWork,
        queued: Queued,
        member: Member,
        quota_left: int | None,
        now: datetime,
    ) -> Send | Wait | Skip:
        programme = self._club.timeline().at(now).programme
        account = line_accounts.get(uow, member.line_user_id or "")
        day, week = outbox.sent_since(
            uow,
            member.id,
            day=now - timedelta(days=1),
            week=now - timedelta(days=7),
            other_than=queued.name,
        )
        return may_send(
            programme.sending,
            programme.shop,
            Recipient(
                reachable=account is not None and not account.blocked,
                membership=member.membership,
                topics_left=member.topics_left,
                sent_day=day,
                sent_week=week,
            ),
            topic=queued.topic,
            useful_until=queued.useful_until,
            quota_left=quota_left,
            now=now,
        )

    def _freeze(
        self, uow: UnitOfWork, queued: Queued, member: Member, now: datetime
    ) -> _Ready | None:
        timeline = self._club.timeline()
        day = timeline.at(now).programme.shop.business_date(now)
        account = line_accounts.get(uow, member.line_user_id or "")
        name = greeting(account.display_name, member.language) if account else ""
        lots = ledger.open_lots(uow, member.id)
        reader = Reader(self._club, timeline, member, lots, day, name)
        said = messages(notify.read(queued.say), reader)
        if said is None or member.line_user_id is None:
            outbox.close(uow, queued.name, "skipped", "no_longer_true")
            return None
        body = json.dumps(said, ensure_ascii=False)
        ready = _Ready(member.line_user_id, body, str(uuid4()), again=False)
        outbox.freeze(uow, queued.name, body=ready.body, retry_key=ready.retry_key, now=now)
        return ready

    def _push(self, queued: Queued, ready: _Ready) -> None:
        try:
            self._club.line.push(ready.to, json.loads(ready.body), retry_key=ready.retry_key)
        except MonthlyLimitReached:
            self._quota.used_up()
            self._hold(queued, ready)
        except LineError as problem:
            self._failed(queued, problem)
        else:
            self._quota.one_sent()
            with self._club.store.begin() as uow:
                outbox.sent(uow, queued.name, now=self._club.now())

    def _failed(self, queued: Queued, problem: LineError) -> None:
        reason = type(problem).__name__
        log.warning("push_failed", journey=queued.name.journey, kind=reason)
        if problem.permanent and problem.status not in _OUR_CREDENTIALS:
            with self._club.store.begin() as uow:
                outbox.close(uow, queued.name, "failed", reason)
            return
        seconds = _BACKOFF_SECONDS[min(queued.attempts, len(_BACKOFF_SECONDS) - 1)]
        # Spread out, so that what failed together does not come back together.
        self._put_off(queued, timedelta(seconds=seconds * random.uniform(0.8, 1.2)))  # noqa: S311

    def _hold(self, queued: Queued, ready: _Ready) -> None:
        """The month's messages are used up. What may have gone out at an earlier attempt stays
        frozen; anything else is decided on anew when there are messages again."""
        until = self._club.now() + HOLD
        with self._club.store.begin() as uow:
            if ready.again:
                outbox.later(uow, queued.name, not_before=until, tried=True)
            else:
                outbox.thaw(uow, queued.name, not_before=until)

    def _put_off(self, queued: Queued, wait: timedelta) -> None:
        with self._club.store.begin() as uow:
            until = self._club.now() + wait
            outbox.later(uow, queued.name, not_before=until, tried=True)


class _QuotaLeft:
    """What is left of the month's messages: LINE's figure, asked for once a minute of wall time,
    less what was sent since."""

    def __init__(self, club: Club) -> None:
        self._club = club
        self._lock = Lock()
        self._left: int | None = None
        self._asked_at: float | None = None

    def left(self) -> int | None:
        """None when the plan has no limit, or when LINE can't say: then its own 429 decides."""
        with self._lock:
            stale = self._asked_at is None or time.monotonic() - self._asked_at > _QUOTA_SECONDS
            if stale:
                self._left = self._ask()
                self._asked_at = time.monotonic()
            return self._left

    def one_sent(self) -> None:
        with self._lock:
            if self._left is not None:
                self._left -= 1

    def used_up(self) -> None:
        with self._lock:
            self._left, self._asked_at = 0, time.monotonic()

    def _ask(self) -> int | None:
        try:
            quota = self._club.line.quota()
        except LineError:
            return None
        return None if quota.limit is None else max(0, quota.limit - quota.used)
