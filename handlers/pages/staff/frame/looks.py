"""What is looked at, not only what is done, stands in the log."""

from handlers.actions.recording.actor import Actor
from handlers.actions.recording.log import note
from handlers.actions.staff.looking import is_noted

from ...current import current_club


def note_look(desk: Actor, what: str, member_id: int | None = None) -> None:
    """Writes into the log that somebody of the staff looks at `what`: "member_seen", "search", a
    list of people, or "not_allowed" for a page that isn't theirs. What they look for stands
    nowhere: it may say who somebody is."""
    club = current_club()
    with club.reading(desk) as seen:
        if is_noted(seen, what, member_id):
            return
    with club.work(desk) as work:
        note(work, what, member_id=member_id)
