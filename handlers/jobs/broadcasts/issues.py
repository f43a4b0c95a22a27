"""What a tick does for each issue of the newsletter that isn't over: queue, withdraw, end. It may
die anywhere, and the next one goes on."""

import structlog

from bot.store.messages import newsletters
from handlers.actions.newsletter.sending import (
    end_issue_if_over,
    queue_issue_part,
    withdraw_issue,
)
from handlers.club import Club

log = structlog.get_logger(__name__)


def run_if_due(club: Club) -> None:
    """One that fails keeps no other from going on."""
    with club.store.read() as uow:
        opened = newsletters.opened(uow)
    for issue_id in opened:
        try:
            _lead(club, issue_id)
        except Exception:
            log.exception("newsletter_failed", issue=issue_id)


def _lead(club: Club, issue_id: str) -> None:
    while _queues_more(club, issue_id):
        pass
    with club.store.read() as uow:
        is_stopped = bool(newsletters.stopped(uow, [issue_id]))
    if is_stopped:
        withdraw_issue(club.store, issue_id)
    with club.work() as work:
        end_issue_if_over(work, issue_id)


def _queues_more(club: Club, issue_id: str) -> bool:
    with club.work() as work:
        return queue_issue_part(work, issue_id)
