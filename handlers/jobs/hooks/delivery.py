"""Events out to other systems: each at least once, under the id by which a receiver knows it.

An event is leased before it is sent, and what came of it noted afterwards: a process that dies in
between leaves it to be sent again. The network is asked outside of transactions, by a thread that
has many under way, so that no receiver holds up another. Retries, signatures and what is true of a
receiver go by the time on the wall.
"""

from datetime import datetime, timedelta

import structlog

from bot.hooks.addresses import Lookup, look_up
from bot.hooks.sender import HookCall, HookSender
from bot.hooks.signing import signed_headers
from bot.store import UnitOfWork
from bot.store.hooks import deliveries, endpoints
from bot.store.hooks.deliveries import DueDelivery
from bot.store.hooks.endpoints import HookEndpoint
from handlers.actions.hooks.receivers import secrets_of
from handlers.club import Club

from .outcomes import record

log = structlog.get_logger(__name__)

#: Longer than a try ever takes.
LEASE = timedelta(seconds=60)
#: So many are on their way to one receiver; to one that fails, one alone.
AT_ONCE, AT_ONCE_FAILING = 4, 1
#: After so many tries in a row a receiver is taken for one that fails.
_FAILING = 5
_STOP_SECONDS_MAX = 5.0


class HookDelivery:
    """Sends what is due. Any number may do so at once, in any number of processes; each does one
    step at a time."""

    def __init__(self, club: Club, *, ask: Lookup = look_up) -> None:
        self._club = club
        self._sender = HookSender(club.reach, ask=ask)

    def step(self, *, seconds_max: float = 0) -> int:
        """Notes what was answered, and gives away what is due; gives how many there were of both.
        Waits for no receiver, unless for so long for the first answer."""
        answered = self._note(seconds_max)
        return answered + self._give()

    def finish(self, *, seconds_max: float) -> None:
        """Sends all that is due, and waits for the answers, for the last of which so long at the
        most."""
        while self.step() or self._sender.is_busy:
            if self._sender.is_busy and not self._note(seconds_max):
                return

    def stop(self) -> None:
        """Waits a little for what is on its way, and lets go of the rest."""
        if self._sender.is_busy:
            self._note(_STOP_SECONDS_MAX)
        self._sender.stop()

    def _note(self, seconds_max: float) -> int:
        answers = self._sender.collect(seconds_max=seconds_max)
        if answers:
            with self._club.store.begin() as uow:
                record(uow, answers, now=self._club.wall.now())
            self._club.hooks.forget()
        return len(answers)

    def _give(self) -> int:
        now = self._club.wall.now()
        with self._club.store.glance() as uow:
            due = deliveries.due_to(uow, now=now)
        if not due or not any(self._sender.on_the_way(each) < AT_ONCE for each in due):
            return 0
        with self._club.store.begin() as uow:
            calls = [call for each in due for call in self._calls(uow, each, now)]
        self._sender.give(calls)
        return len(calls)

    def _calls(self, uow: UnitOfWork, endpoint_id: int, now: datetime) -> list[HookCall]:
        endpoint = endpoints.get(uow, endpoint_id)
        if endpoint is None or not endpoint.is_on:
            return []
        at_once = AT_ONCE_FAILING if endpoint.failures >= _FAILING else AT_ONCE
        most = min(at_once - self._sender.on_the_way(endpoint_id), self._sender.room)
        if most <= 0:
            return []
        keys = secrets_of(self._club.codes, endpoint, now=now)
        if not keys:
            # It was sealed under a key that is set no more: nothing can be signed.
            endpoints.put_off(uow, endpoint_id, "secret", at=now)
            log.error("hook_secret_unreadable", endpoint=endpoint_id)
            return []
        due = deliveries.take(uow, endpoint_id, now=now, lease=LEASE, most=most)
        return [_call(endpoint, each, keys, now) for each in due]


def _call(
    endpoint: HookEndpoint, due: DueDelivery, keys: tuple[str, ...], now: datetime
) -> HookCall:
    return HookCall(
        endpoint.id,
        due.event_id,
        due.tries,
        due.first_at,
        endpoint.fields.url,
        due.body.encode(),
        signed_headers(keys, due.event_id, due.body, at=now),
    )
