"""A broadcast's life: begun now or at a moment, halted, gone on with, stopped."""

from datetime import datetime
from typing import Any

from bot.store import Store
from bot.store.messages import broadcasts, outbox
from bot.store.messages.broadcasts import StoredBroadcast
from rules.base import Refusal
from rules.broadcasts.broadcast import Broadcast
from rules.broadcasts.life import STEPS, Step, after, bad_moment, first_is_past, unfit

from ..recording.log import note
from ..recording.work import Work
from .queueing import as_of_now, first_stage, is_for_nobody
from .writing import CHANGED


def send(work: Work, broadcast_id: int, *, revision: int) -> Refusal | None:
    """Begins it now, as it was at that revision."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is not None and stored.state == "draft":
        if stored.revision != revision:
            return CHANGED
        begun = as_of_now(work, stored.broadcast)
        if isinstance(begun, Refusal):
            return begun
        if no := unfit(begun, work.programme) or first_is_past(begun, work.day):
            return no
        if is_for_nobody(work, begun):
            return Refusal("broadcast_nobody")
        _keep(work, stored, begun)
    stage = first_stage(work, stored.broadcast) if stored else None
    return _take(work, stored, "send", began_at=work.now, send_at=None, stage=stage)


def send_at(work: Work, broadcast_id: int, at: datetime | None, *, revision: int) -> Refusal | None:
    """Lets it wait for that moment."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is not None and stored.state == "draft":
        if stored.revision != revision:
            return CHANGED
        begun = as_of_now(work, stored.broadcast)
        if isinstance(begun, Refusal):
            return begun
        if no := bad_moment(at, work.now) or unfit(begun, work.programme):
            return no
        day = work.programme.shop.business_date(at) if at else work.day
        if no := first_is_past(begun, day):
            return no
    return _take(work, stored, "wait", send_at=at)


def take_back(work: Work, broadcast_id: int) -> Refusal | None:
    """Makes what waits for its moment a draft again."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    return _take(work, stored, "take_back", send_at=None)


def pause(work: Work, broadcast_id: int) -> Refusal | None:
    """Halts it: whatever no worker has taken up waits from this moment on."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    return _take(work, stored, "pause")


def resume(work: Work, broadcast_id: int) -> Refusal | None:
    """Lets a halted one go on; what waits is to be woken then (`wake_halted`)."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is None or stored.state != "paused":
        return _take(work, stored, "go_on")
    begun = as_of_now(work, stored.broadcast)
    if isinstance(begun, Refusal):
        return begun
    if no := unfit(begun, work.programme):
        return no
    _keep(work, stored, begun)
    return _take(work, stored, "go_on", halted=None)


def _keep(work: Work, stored: StoredBroadcast, begun: Broadcast) -> None:
    """Keeps what its filter with a name says now, where it has one."""
    if begun is not stored.broadcast:
        broadcasts.change(work.uow, stored.id, broadcast=begun)


def stop(work: Work, broadcast_id: int) -> Refusal | None:
    """Ends it: what hasn't left never will; what has stands. What is queued is to be withdrawn then
    (`withdraw_unsent`); until it is, no worker takes it up."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    return _take(work, stored, "stop", halted=None)


def wake_halted(store: Store, stored: StoredBroadcast, now: datetime) -> None:
    """Lets what waited while it was halted go out."""
    outbox.wake(store, reason="halted", now=now, journey=stored.queued_as)


def withdraw_unsent(store: Store, stored: StoredBroadcast) -> int:
    """Takes back what was queued of a stopped one; gives how many messages."""
    return outbox.withdraw_all(store, stored.queued_as)


def _take(work: Work, stored: StoredBroadcast | None, step: Step, **more: Any) -> Refusal | None:
    """Takes the step, and says so in the log. A tap that comes twice is no mistake."""
    if stored is None:
        return CHANGED
    if stored.state in STEPS[step].values() and stored.state not in STEPS[step]:
        return None
    state = after(stored.state, step)
    if state is None:
        return CHANGED
    broadcasts.change(work.uow, stored.id, state=state, **more)
    if work.actor is not None:
        note(work, f"broadcast_{step}", name=stored.broadcast.name)
    return None
