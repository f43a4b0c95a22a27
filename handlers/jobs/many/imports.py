"""What a tick does of files that are brought in: a bounded part, so that nothing else waits for it.
It may die anywhere, and the next one goes on."""

from collections.abc import Callable, Mapping
from time import monotonic

import structlog

from bot.store.many import imports
from handlers.actions.importing import doing, keeping, looking, taking_back
from handlers.actions.importing.doing import do_part
from handlers.actions.importing.looking import look_at_part
from handlers.actions.importing.taking_back import undo_part
from handlers.actions.recording.work import Work
from handlers.club import Club

log = structlog.get_logger(__name__)

#: So long one of them goes on in a tick, by the wall's time.
_SECONDS = 10.0
_PARTS: Mapping[str, Callable[[Work, int], bool]] = {
    "checking": look_at_part,
    "doing": do_part,
    "undoing": undo_part,
}
#: Which rows wait for each of them, and how many it takes at once.
_ROWS: Mapping[str, tuple[str | None, int]] = {
    "checking": (None, looking.CHUNK),
    "doing": ("new", doing.CHUNK),
    "undoing": ("done", taking_back.CHUNK),
}


def run_if_due(club: Club) -> None:
    """One that fails keeps no other from going on."""
    with club.store.read() as uow:
        opened = imports.opened(uow)
    ends = monotonic() + _SECONDS
    for import_id in opened:
        try:
            while go_on(club, import_id) and monotonic() < ends:
                pass
        except Exception:
            log.exception("import_failed", of=import_id)


def go_on(club: Club, import_id: int) -> bool:
    """Does its next part; gives whether there are more."""
    with club.store.read() as uow:
        stored = imports.get(uow, import_id)
    part = _PARTS.get(stored.state) if stored else None
    if part is None:
        return False
    # What is lost with the machine is done again.
    with club.work("import", durable=False) as work:
        return part(work, import_id)


def parts_left(club: Club, import_id: int) -> int:
    """In how many parts it will be done, the last of which is a short one; 0 where none is."""
    with club.store.read() as uow:
        stored = imports.get(uow, import_id)
        if stored is None or stored.state not in _ROWS:
            return 0
        fate, at_once = _ROWS[stored.state]
        return imports.fates(uow, import_id).get(fate, 0) // at_once + 1


def forget_old(club: Club) -> None:
    """Once a night: what rows say that nobody needs any more. One that fails keeps no other."""
    with club.store.read() as uow:
        resting = imports.resting_since(uow, club.now() - keeping.KEPT_FOR)
    for stored in resting:
        try:
            keeping.forget(club.work, stored)
        except Exception:
            log.exception("import_not_forgotten", of=stored.id)
