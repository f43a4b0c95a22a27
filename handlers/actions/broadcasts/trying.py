"""Trying a broadcast on oneself before anybody else reads it."""

from datetime import timedelta

from bot.store.members import line_accounts, members
from bot.store.messages import broadcasts, outbox
from bot.store.messages.outbox import MessageKey
from rules.base import Refusal

from ..recording.log import note
from ..recording.work import Work
from ..telling.messages import SayBroadcast, dump
from .writing import CHANGED

#: Nobody waits longer for a trial.
_USEFUL = timedelta(hours=1)


def try_broadcast(work: Work, broadcast_id: int, number: str) -> Refusal | None:
    """Sends it as it stands to the card of that number alone, marked as a trial: at once, whatever
    the hour, since they ask for it, and once for each tap."""
    stored = broadcasts.get(work.uow, broadcast_id)
    if stored is None:
        return CHANGED
    found = members.by_code(work.uow, "number", number)
    holder = members.keeper(work.uow, found) if found is not None else None
    member = members.get(work.uow, holder) if holder is not None else None
    if member is None or member.erased_at is not None:
        return Refusal("broadcast_no_card")
    account = line_accounts.get(work.uow, member.line_user_id or "")
    if account is None or account.blocked:
        return Refusal("broadcast_trial_unreachable")
    say = SayBroadcast(broadcast=stored.id, is_trial=True)
    outbox.queue(
        work.uow,
        MessageKey(member.id, SayBroadcast.journey(), f"{stored.id}:{work.key}"[:100]),
        dump(say),
        topic=None,
        now=work.now,
        useful_until=work.now + _USEFUL,
    )
    note(work, "broadcast_tried", member_id=member.id, name=stored.broadcast.name)
    return None
