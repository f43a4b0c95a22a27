"""An issue's way out: begun by somebody, queued by the clock some members at a time, each once, and
stopped."""

from datetime import timedelta

from bot.store import Store
from bot.store.messages import newsletters, outbox
from bot.store.messages.newsletters import StoredIssue
from bot.store.messages.outbox import PlannedMessage
from rules.base import Refusal

from ..recording.log import note
from ..recording.work import Work
from ..telling.issue_messages import SayNewsletter
from ..telling.messages import dump
from .writing import CHANGED

#: So many members in one transaction.
CHUNK = 500
#: A newsletter can wait behind everything else.
_PRIORITY = 8
#: What found no room within so long is read on the page alone.
USEFUL = timedelta(days=10)
#: So long an issue can be sent again, to who asked for the newsletter since.
AGAIN_MAX = timedelta(days=14)


def send_issue(work: Work, issue_id: str, *, revision: int | None = None) -> Refusal | None:
    """Begins it, as it was at that revision, or as it is; sent again, it goes to who asked for the
    newsletter since. A tap that comes twice is no mistake."""
    stored = newsletters.get(work.uow, issue_id, lock=True)
    if stored is None or work.programme.newsletter is None:
        return Refusal("no_newsletter")
    if stored.state == "sending":
        return None
    if stored.state == "draft" and revision not in (None, stored.revision):
        return CHANGED
    if stored.state in ("stopping", "stopped"):
        return Refusal("issue_stopped")
    if stored.sent_at is not None and work.now - stored.sent_at > AGAIN_MAX:
        return Refusal("issue_old")
    newsletters.begin(work.uow, issue_id, at=work.now)
    if work.actor is not None:
        note(work, "newsletter_sent", issue=issue_id)
    return None


def queue_issue_part(work: Work, issue_id: str) -> bool:
    """Queues it for the next members who asked for it, and notes with them how far it has come;
    gives whether there are more."""
    stored = newsletters.get(work.uow, issue_id, lock=True)
    if stored is None or stored.state != "sending" or stored.all_queued:
        return False
    ids = newsletters.subscribers(work.uow, after=stored.reached, limit=CHUNK)
    queued = outbox.queue_many(work.uow, [_message(work, stored, each) for each in ids])
    is_over = len(ids) < CHUNK
    newsletters.go_on(
        work.uow,
        issue_id,
        reached=ids[-1] if ids else stored.reached,
        all_queued=is_over,
        recipients=queued,
    )
    return not is_over


def _message(work: Work, stored: StoredIssue, member_id: int) -> PlannedMessage:
    return PlannedMessage(
        member_id,
        SayNewsletter.journey(),
        stored.issue.id,
        dump(said_of(stored)),
        topic="newsletter",
        queued_at=work.now,
        not_before=work.now,
        useful_until=(stored.state_at or work.now) + USEFUL,
        priority=_PRIORITY,
    )


def said_of(stored: StoredIssue) -> SayNewsletter:
    """What its message says."""
    issue = stored.issue
    return SayNewsletter(issue=issue.id, title=issue.title, lead=issue.lead, picture=stored.ratio)


def stop_issue(work: Work, issue_id: str) -> Refusal | None:
    """Ends it: what hasn't left never will; what has stands, and so does its page. What is queued
    is to be withdrawn then (`withdraw_issue`); until it is, no worker takes it up."""
    stored = newsletters.get(work.uow, issue_id, lock=True)
    if stored is None:
        return Refusal("no_newsletter")
    if stored.state in ("stopping", "stopped"):
        return None
    if stored.state != "sending":
        return Refusal("issue_not_sending")
    newsletters.turn(work.uow, issue_id, "stopping", at=work.now)
    if work.actor is not None:
        note(work, "newsletter_stopped", issue=issue_id)
    return None


def withdraw_issue(store: Store, issue_id: str) -> int:
    """Takes back what was queued of a stopped one; gives how many messages."""
    return outbox.withdraw_period(store, newsletters.JOURNEY, issue_id)


def end_issue_if_over(work: Work, issue_id: str) -> None:
    """Notes that nothing of it is on its way any more."""
    stored = newsletters.get(work.uow, issue_id, lock=True)
    if stored is None or newsletters.is_under_way(work.uow, issue_id):
        return
    if stored.state == "stopping":
        newsletters.turn(work.uow, issue_id, "stopped", at=work.now)
    elif stored.state == "sending" and stored.all_queued:
        newsletters.turn(work.uow, issue_id, "done", at=work.now)
