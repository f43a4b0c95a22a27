"""What becomes of an event, and of its receiver, by what was said to a try."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.hooks.sender import HookAnswer
from bot.store import UnitOfWork
from bot.store.hooks import deliveries, endpoints
from bot.store.hooks.deliveries import TriedDelivery
from bot.store.hooks.endpoints import HookEndpoint, OffReason
from rules.hooks.schedule import TRIES_MAX, rest, wait_after

log = structlog.get_logger(__name__)

#: Whoever says so is not there any more (RFC 9110, 15.5.11): Standard Webhooks has us stop at once.
_GONE = 410
#: By these a receiver asks for some peace.
_LATER = (429, 503)


def record(uow: UnitOfWork, answers: Sequence[HookAnswer], *, now: datetime) -> None:
    """Writes down what follows from the answers."""
    known = endpoints.locked(uow, [each.call.endpoint_id for each in answers])
    deliveries.note(uow, [_tried(each, now) for each in answers])
    for endpoint in known.values():
        mine = [each for each in answers if each.call.endpoint_id == endpoint.id]
        _note_receiver(uow, endpoint, mine, now)


def _tried(answer: HookAnswer, now: datetime) -> TriedDelivery:
    call = answer.call
    said = (answer.status, answer.excerpt, answer.problem)
    if answer.is_taken:
        return TriedDelivery(call.event_id, call.endpoint_id, "taken", now, *said)
    wait = wait_after(call.tries, random.random())  # noqa: S311
    if wait is None:
        return TriedDelivery(call.event_id, call.endpoint_id, "failed", now, *said)
    again = max(wait, _asked_rest(answer) or wait)
    return TriedDelivery(call.event_id, call.endpoint_id, "queued", now + again, *said)


def _asked_rest(answer: HookAnswer) -> timedelta | None:
    """For how long it asks to be left alone; None where it doesn't."""
    return rest(answer.retry_after) if answer.status in _LATER else None


def _note_receiver(
    uow: UnitOfWork, endpoint: HookEndpoint, answers: Sequence[HookAnswer], now: datetime
) -> None:
    is_well = any(each.is_taken for each in answers)
    to: dict[str, Any] = {"failures": 0 if is_well else endpoint.failures + len(answers)}
    if is_well:
        to["taken_at"] = now
    asked = [wait for each in answers if (wait := _asked_rest(each)) is not None]
    to["rests_until"] = now + max(asked) if asked else None
    endpoints.change(uow, endpoint.id, **to)
    if any(each.status == _GONE for each in answers):
        _turn_off(uow, endpoint, "gone", now)
    elif not is_well and any(_is_last(each, endpoint) for each in answers):
        _turn_off(uow, endpoint, "failing", now)


def _is_last(answer: HookAnswer, endpoint: HookEndpoint) -> bool:
    """Whether that was the last try, and nothing else was taken since the first: an event alone
    that it can't take turns nothing off."""
    is_over = answer.call.tries >= TRIES_MAX
    return is_over and (endpoint.taken_at is None or endpoint.taken_at < answer.call.first_at)


def _turn_off(uow: UnitOfWork, endpoint: HookEndpoint, reason: OffReason, now: datetime) -> None:
    endpoints.put_off(uow, endpoint.id, reason, at=now)
    log.warning("hook_receiver_off", endpoint=endpoint.id, reason=reason)
