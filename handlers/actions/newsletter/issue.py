"""An issue of the newsletter goes to those who asked for it, and is opened."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from bot.store.members import members
from bot.store.messages import newsletters, outbox
from bot.store.messages.newsletters import StoredIssue
from bot.store.messages.outbox import MessageKey
from handlers.actions.recording.work import Work
from rules.base import Lang

from ..telling.messages import SayNewsletter, dump

#: So many members in one transaction.
CHUNK = 500
#: A newsletter can wait behind everything else.
_PRIORITY = 8
#: What found no room within so long is read on the page alone.
USEFUL = timedelta(days=10)
#: So long an issue can be sent again, to who asked for the newsletter since.
AGAIN_MAX = timedelta(days=14)


def send_part(work: Work, stored: StoredIssue, *, after: int) -> tuple[int, int | None]:
    """Queues the issue for the next members, by their ids from `after` on, who asked for it: each
    gets it once. Gives how many it is, and the last one's id; None where nobody is left.

    Queued again, it goes to those who asked for it since.
    """
    issue, ids = stored.issue, newsletters.subscribers(work.uow, after=after, limit=CHUNK)
    say = dump(
        SayNewsletter(issue=issue.id, title=issue.title, lead=issue.lead, picture=stored.ratio)
    )
    queued = sum(
        outbox.queue(
            work.uow,
            MessageKey(member_id, SayNewsletter.journey(), issue.id),
            say,
            topic="newsletter",
            now=work.now,
            useful_until=work.now + USEFUL,
            priority=_PRIORITY,
        )
        for member_id in ids
    )
    newsletters.note_sent(work.uow, issue.id, at=work.now, recipients=queued)
    return queued, ids[-1] if ids else None


def send_all(begin: Callable[[], AbstractContextManager[Work]], stored: StoredIssue) -> int:
    """Queues it for all who asked; gives for how many. A part of the members in each transaction,
    so that nobody else waits for it; should it die half-way, sending it again does the rest."""
    count, after = 0, 0
    while True:
        with begin() as work:
            queued, last = send_part(work, stored, after=after)
        count += queued
        if last is None:
            return count
        after = last


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
