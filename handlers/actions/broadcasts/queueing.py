"""Queuing a broadcast, some members at a time: each once, whatever dies on the way."""

from datetime import timedelta

from bot.store.messages import broadcasts, crowds, outbox
from bot.store.messages.broadcasts import StoredBroadcast
from bot.store.messages.crowds import CrowdAsked
from bot.store.messages.outbox import PlannedMessage
from rules.broadcasts.broadcast import ONE_ARM, PRIORITY, TOPIC
from rules.broadcasts.life import unfit

from ..recording.work import Work
from ..telling.messages import SayBroadcast, dump

#: So many members in one transaction.
CHUNK = 500
#: What makes each member's message the only one of its broadcast.
_PERIOD = "once"


def begin_if_due(work: Work, broadcast_id: int) -> None:
    """Begins one whose moment has come. What the programme no longer allows is halted, and says
    why."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is None or stored.state != "waits":
        return
    if stored.send_at is None or stored.send_at > work.now:
        return
    no = unfit(stored.broadcast, work.programme)
    state = "paused" if no else "sending"
    broadcasts.change(
        work.uow, stored.id, state=state, began_at=work.now, halted=no.code if no else None
    )


def queue_part(work: Work, broadcast_id: int) -> bool:
    """Queues the next members' messages, and notes with them how far it has come; gives whether
    there are more. Whoever delivers decides about each at its own moment: whoever left, blocked us
    or opted out by then isn't written."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is None or stored.state != "sending" or stored.all_queued:
        return False
    if no := unfit(stored.broadcast, work.programme):
        broadcasts.change(work.uow, stored.id, state="paused", halted=no.code)
        return False
    asked = CrowdAsked(stored.broadcast.whom, work.programme.shop, work.day)
    ids = crowds.page(work.uow, asked, after=stored.reached, limit=CHUNK)
    outbox.queue_many(work.uow, [_message(work, stored, each) for each in ids])
    is_over = len(ids) < CHUNK
    broadcasts.go_on(
        work.uow, stored.id, reached=ids[-1] if ids else stored.reached, all_queued=is_over
    )
    return not is_over


def _message(work: Work, stored: StoredBroadcast, member_id: int) -> PlannedMessage:
    useful = timedelta(days=stored.broadcast.good_days)
    return PlannedMessage(
        member_id,
        stored.queued_as,
        _PERIOD,
        dump(SayBroadcast(broadcast=stored.id, arm=ONE_ARM)),
        topic=TOPIC,
        queued_at=work.now,
        not_before=work.now,
        useful_until=(stored.began_at or work.now) + useful,
        priority=PRIORITY,
        arm=ONE_ARM,
    )


def end_if_over(work: Work, broadcast_id: int) -> None:
    """Notes that nothing of it is on its way any more."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is None or stored.ended_at is not None or broadcasts.is_under_way(work.uow, stored):
        return
    if stored.state == "stopped":
        broadcasts.change(work.uow, stored.id, ended_at=work.now)
    elif stored.state == "sending" and stored.all_queued:
        broadcasts.change(work.uow, stored.id, state="done", ended_at=work.now)
