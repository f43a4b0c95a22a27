"""What a tick does of what is done to many: a bounded part, so that nothing else waits for it. It
may die anywhere, and the next one goes on."""

import structlog

from bot.store.many import bulks
from handlers.actions.many.bulk import do_part
from handlers.club import Club

log = structlog.get_logger(__name__)

#: So many transactions of one bulk in a tick.
_PARTS = 10


def run_if_due(club: Club) -> None:
    """One that fails keeps no other from going on."""
    with club.store.read() as uow:
        opened = bulks.opened(uow)
    for bulk_id in opened:
        try:
            _go_on(club, bulk_id)
        except Exception:
            log.exception("bulk_failed", bulk=bulk_id)


def _go_on(club: Club, bulk_id: int) -> None:
    for _ in range(_PARTS):
        with club.work() as work:
            if not do_part(work, bulk_id):
                return
