"""Trying an issue on oneself before anybody else reads it."""

from bot.store.messages import newsletters
from rules.base import Refusal

from ..recording.log import note
from ..recording.work import Work
from ..telling.issue_messages import SayNewsletterTrial
from ..telling.trials import queue_trial
from .sending import said_of


def try_issue(work: Work, issue_id: str, number: str) -> Refusal | None:
    """Sends it as it stands to the card of that number alone, marked as a trial."""
    stored = newsletters.get(work.uow, issue_id)
    if stored is None or work.programme.newsletter is None:
        return Refusal("no_newsletter")
    say = SayNewsletterTrial(**said_of(stored).model_dump(exclude={"kind"}))
    member_id = queue_trial(work, number, say, issue_id)
    if isinstance(member_id, Refusal):
        return member_id
    note(work, "newsletter_tried", member_id=member_id, issue=issue_id)
    return None
