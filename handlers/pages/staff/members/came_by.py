"""By what somebody came who joins at the counter, as they say it."""

from flask import request

from bot.store.members import sources
from bot.store.members.sources import MemberSource
from handlers.actions.members.came_by import come_by_counter
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.work import Work
from rules.characters import whole_number

from ...current import current_club
from ..frame.access import signed


def sources_here() -> list[MemberSource]:
    """Those that are put up for this store, or for all."""
    with current_club().store.read() as uow:
        found = sources.every(uow)
    return [each for each in found if each.is_open and _is_here(each)]


def _is_here(source: MemberSource) -> bool:
    store = signed().desk.store
    return store is None or source.store in (None, store)


def note_source(work: Work, outcome: Outcome) -> None:
    """Notes what staff entered, of whoever has just joined; sent twice it is noted once. What was
    closed while the form stood open counts still; what is another store's doesn't."""
    source_id = whole_number(request.form.get("source", ""), 9)
    source = sources.get(work.uow, source_id) if outcome.done and source_id is not None else None
    if source is not None and _is_here(source):
        come_by_counter(work, outcome.member_id, source.id)
