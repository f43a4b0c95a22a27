"""What a tick does of what members suggested: each of them is told what it stands at, and what was
adopted and isn't any more is taken back. It may die anywhere, and the next one goes on."""

import structlog

from bot.store import StoreBusy
from bot.store.heard import suggestions
from bot.store.heard.suggestions import StoredSuggestion, SuggestedLetter
from bot.store.history import history
from bot.store.staff import staff
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.heard.telling_back import tell_writer
from handlers.actions.recording.work import Work
from handlers.actions.staff.signing import desk_of
from handlers.club import Club
from rules.wording.texts import say

log = structlog.get_logger(__name__)

#: So many letters in one transaction, and so many transactions of a suggestion in a tick.
CHUNK, _PARTS = 20, 10


def run_if_due(club: Club) -> None:
    """One that fails keeps no other from going on."""
    with club.store.read() as uow:
        found = suggestions.telling(uow)
    for suggestion_id in found:
        try:
            _go_on(club, suggestion_id)
        except Exception:
            log.exception("suggestion_failed", suggestion=suggestion_id)


def _go_on(club: Club, suggestion_id: int) -> None:
    for _ in range(_PARTS):
        with club.work() as work:
            if not tell_part(work, suggestion_id):
                return


def tell_part(work: Work, suggestion_id: int) -> bool:
    """Tells the next ones; gives whether there are more."""
    its = suggestions.get(work.uow, suggestion_id, lock=True)
    if its is None or not its.is_telling:
        return False
    found = suggestions.untold(work.uow, its, limit=CHUNK)
    acting = _acting(work, its)
    for letter in sorted(found, key=lambda each: each.member_id):
        # SQLite may give the number of what is gone to another: with whose it is, it's known.
        key = f"suggestion:{its.id}:{letter.member_id}:{letter.id}:{its.moved}"
        _settle(acting.under(key), its, letter)
    if len(found) < CHUNK:
        suggestions.set_telling(work.uow, its.id, is_telling=False)
        return False
    return True


def _acting(work: Work, its: StoredSuggestion) -> Work:
    """As whoever decided it: at their store, or for one who works at every store, the first."""
    person = staff.get(work.uow, its.state_by) if its.state_by is not None else None
    if person is None:
        return work
    return work.acting(desk_of(person, None, work.programme.stores[0].id))


def _settle(work: Work, its: StoredSuggestion, letter: SuggestedLetter) -> None:
    try:
        with work.apart():
            if letter.told == "adopted":
                _take_back(work, letter)
            tell_writer(work, its, letter)
    except StoreBusy:
        # All of it again: this passes.
        raise
    except Exception:
        # One member's trouble must not keep it from the others: the staff tell them.
        log.exception("suggestion_letter_failed", letter=letter.id)
        due = its.tells and its.state != "received"
        suggestions.note_told(work.uow, letter.id, its.state, to_call=due)


def _take_back(work: Work, letter: SuggestedLetter) -> None:
    """Undoes what the adopted letter had brought, if that stands; the message, too, while it
    waits."""
    if letter.adopted is None or work.actor is None:
        return
    member_id, seq = letter.adopted
    if history.one(work.uow, member_id, seq) is None:
        return
    key = history.key_of(work.uow, member_id, seq)
    reason = say("ja", "staff.inbox.no_longer_adopted")
    done = undo(work.under(f"{work.key}:undo"), UndoRequest(member_id, key, reason, force=True))
    if not done.done:
        log.warning("suggestion_points_stay", letter=letter.id, refused=done.refused)
