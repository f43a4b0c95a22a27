"""What somebody of the shop tries on themselves before anybody else reads it."""

from datetime import timedelta

from bot.store.members import line_accounts, members
from bot.store.members.members import Member
from bot.store.messages import outbox
from bot.store.messages.outbox import MessageKey
from rules.base import Refusal

from ..recording.work import Work
from .messages import Say, dump

#: Nobody waits longer for a trial.
_USEFUL = timedelta(hours=1)


def queue_trial(work: Work, number: str, say: Say, about: str) -> int | Refusal:
    """Sends it to the card of that number alone: at once, whatever the hour, since they ask for it,
    and once for each tap. Gives the member."""
    member = _who_tries(work, number)
    if isinstance(member, Refusal):
        return member
    outbox.queue(
        work.uow,
        MessageKey(member.id, say.journey(), f"{about}:{work.key}"[:100]),
        dump(say),
        topic=None,
        now=work.now,
        useful_until=work.now + _USEFUL,
    )
    return member.id


def _who_tries(work: Work, number: str) -> Member | Refusal:
    """Who has that card, if LINE reaches them."""
    found = members.by_code(work.uow, "number", number)
    holder = members.keeper(work.uow, found) if found is not None else None
    member = members.get(work.uow, holder) if holder is not None else None
    if member is None or member.erased_at is not None:
        return Refusal("broadcast_no_card")
    account = line_accounts.get(work.uow, member.line_user_id or "")
    if account is None or account.blocked:
        return Refusal("broadcast_trial_unreachable")
    return member
