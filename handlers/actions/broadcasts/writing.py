"""Writing a broadcast, which stays a draft until somebody sends it."""

from pydantic import TypeAdapter

from bot.store.messages import broadcasts
from bot.store.messages.broadcasts import StoredBroadcast
from rules.base import Refusal
from rules.broadcasts.broadcast import Broadcast

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.work import Work

#: Somebody else changed it meanwhile, or sent it, or threw it away.
CHANGED = Refusal("broadcast_changed")
_ID: TypeAdapter[int] = TypeAdapter(int)


def add_broadcast(work: Work, broadcast: Broadcast) -> int:
    """Keeps a new draft, once for the form; gives its id."""

    def act() -> int:
        by = work.actor.staff_id if work.actor else None
        return broadcasts.add(work.uow, broadcast, by=by, at=work.now)

    return once_for(_ID, work, f"broadcast {broadcast!r}", act)


def change_broadcast(
    work: Work, broadcast_id: int, broadcast: Broadcast, *, revision: int
) -> Refusal | None:
    """Keeps what somebody made of the draft of that revision."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is None or stored.state != "draft":
        return CHANGED
    if stored.broadcast == broadcast:
        return None
    if stored.revision != revision:
        return CHANGED
    by = work.actor.staff_id if work.actor else None
    broadcasts.change(
        work.uow, broadcast_id, broadcast=broadcast, written_at=work.now, written_by=by
    )
    return None


def discard_broadcast(work: Work, broadcast_id: int, *, revision: int) -> Refusal | None:
    """Throws the draft of that revision away."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is None:
        return None
    if stored.state != "draft" or stored.revision != revision:
        return CHANGED
    broadcasts.drop(work.uow, broadcast_id)
    note(work, "broadcast_discarded", name=stored.broadcast.name)
    return None


def found(work: Work, broadcast_id: int) -> StoredBroadcast | None:
    """The broadcast, nobody else's until the work is done."""
    return broadcasts.get(work.uow, broadcast_id, lock=True)
