"""Trying a broadcast on oneself before anybody else reads it."""

from bot.store.messages import broadcasts
from rules.base import Refusal

from ..recording.log import note
from ..recording.work import Work
from ..telling.messages import SayBroadcast
from ..telling.trials import queue_trial
from .writing import CHANGED


def try_broadcast(work: Work, broadcast_id: int, number: str) -> Refusal | None:
    """Sends it as it stands to the card of that number alone, marked as a trial."""
    stored = broadcasts.get(work.uow, broadcast_id)
    if stored is None:
        return CHANGED
    say = SayBroadcast(broadcast=stored.id, is_trial=True)
    member_id = queue_trial(work, number, say, f"{stored.id}")
    if isinstance(member_id, Refusal):
        return member_id
    note(work, "broadcast_tried", member_id=member_id, name=stored.broadcast.name)
    return None
