"""Writing an issue in the console: a draft until it goes out, and then as it is."""

from bot.store.messages import newsletters
from bot.store.messages.newsletters import IssuePicture
from rules.base import Refusal
from rules.programme.newsletter import Issue

from ..recording.log import note
from ..recording.work import Work
from .issue import AGAIN_MAX


def keep_issue(work: Work, issue: Issue, picture: IssuePicture | None) -> Refusal | None:
    """Keeps the draft; without a new picture with the one it has."""
    kept = picture or newsletters.draft_picture(work.uow, issue.id)
    if not newsletters.put(work.uow, issue, kept, at=work.now):
        return Refusal("issue_sent")
    return None


def may_send(work: Work, issue_id: str) -> Refusal | None:
    """Why an issue can't go out; notes that somebody sends it, where it can."""
    stored = newsletters.get(work.uow, issue_id)
    if stored is None or work.programme.newsletter is None:
        return Refusal("no_newsletter")
    if stored.sent_at is not None and work.now - stored.sent_at > AGAIN_MAX:
        return Refusal("issue_old")
    note(work, "newsletter_sent", issue=issue_id)
    return None
