"""An issue of the newsletter is opened."""

from bot.store.members import members
from bot.store.messages import newsletters
from handlers.actions.recording.work import Work
from rules.base import Lang


def open_issue(work: Work, number: str, issue_id: str) -> Lang | None:
    """Notes that the member with that card opened the issue; only the first time counts. Gives the
    language they read; None for nobody, and for an issue that hasn't gone out."""
    stored = newsletters.get(work.uow, issue_id)
    found = members.by_code(work.uow, "number", number)
    holder = members.keeper(work.uow, found) if found is not None else None
    member = members.get(work.uow, holder) if holder is not None else None
    if stored is None or stored.sent_at is None or member is None or member.erased_at is not None:
        return None
    newsletters.note_read(work.uow, member.id, issue_id, at=work.now)
    return member.language
