"""What a tick does for each broadcast that isn't over: begin, queue, withdraw, end. It may die
anywhere, and the next one goes on."""

import structlog

from bot.store.messages import broadcasts
from bot.store.messages.broadcasts import StoredBroadcast
from handlers.actions.broadcasts.leading import wake_halted, withdraw_unsent
from handlers.actions.broadcasts.queueing import begin_if_due, end_if_over, queue_part
from handlers.club import Club

log = structlog.get_logger(__name__)


def run_if_due(club: Club) -> None:
    """One that fails keeps no other from going on."""
    with club.store.read() as uow:
        opened = broadcasts.opened(uow)
    for stored in opened:
        try:
            lead(club, stored)
        except Exception:
            log.exception("broadcast_failed", broadcast=stored.id)


def lead(club: Club, stored: StoredBroadcast) -> None:
    """Does what is to be done of it now."""
    if stored.state == "waits":
        if stored.send_at is None or stored.send_at > club.now():
            return
        with club.work() as work:
            begin_if_due(work, stored.id)
    if stored.state == "stopped":
        withdraw_unsent(club.store, stored)
    elif stored.state != "paused":
        wake_halted(club.store, stored, club.now())
        while _queues_more(club, stored.id):
            pass
    with club.work() as work:
        end_if_over(work, stored.id)


def _queues_more(club: Club, broadcast_id: int) -> bool:
    with club.work() as work:
        return queue_part(work, broadcast_id)
