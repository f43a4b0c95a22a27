"""What a tick does for each broadcast that isn't over: begin, queue, withdraw, end. It may die
anywhere, and the next one goes on."""

from datetime import timedelta

import structlog

from bot.store.finding import ticks
from bot.store.messages import broadcasts
from bot.store.messages.broadcasts import StoredBroadcast
from handlers.actions.broadcasts.leading import wake_halted, withdraw_unsent
from handlers.actions.broadcasts.queueing import (
    begin_if_due,
    choose_arm,
    end_if_over,
    open_to_rest,
    queue_part,
)
from handlers.club import Club
from handlers.showing.broadcast_trials import trial_result

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
        if stored.broadcast.first is not None and stored.stage == "first":
            with club.work() as work:
                open_to_rest(work, stored.id)
        while _queues_more(club, stored.id):
            pass
        _choose_if_won(club, stored)
    with club.work() as work:
        end_if_over(work, stored.id)


def _choose_if_won(club: Club, stored: StoredBroadcast) -> None:
    """What has surely won goes to the others by itself, where the owner wants that; asked once a
    day, from when the first windows are over."""
    trial, now = stored.broadcast.trial, club.now()
    if trial is None or not trial.by_itself or not stored.is_tried or stored.began_at is None:
        return
    day = club.timeline().at(now).programme.shop.business_date(now)
    key = f"tick:broadcast-{stored.id}:{day.isoformat()}"
    if now < stored.began_at + timedelta(days=trial.days):
        return
    with club.store.read() as uow:
        found = None if ticks.tick_done(uow, key) else trial_result(uow, stored, now)
    if found is None:
        return
    with club.work() as work:
        ticks.mark_tick(work.uow, key, at=now)
        if found.winner is not None:
            choose_arm(work, stored.id, found.winner)
            log.info("broadcast_chosen", broadcast=stored.id, arm=found.winner)


def _queues_more(club: Club, broadcast_id: int) -> bool:
    with club.work() as work:
        return queue_part(work, broadcast_id)
