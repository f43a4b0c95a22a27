"""A tap on a broadcast's button."""

from bot.store.members import members
from bot.store.messages import broadcast_taps, broadcasts

from ..recording.work import Work


def note_tap(work: Work, number: str, broadcast_id: int) -> None:
    """Notes that the member with that card tapped; only the first time counts. Nothing of nobody,
    and of a broadcast that hasn't gone out."""
    stored = broadcasts.get(work.uow, broadcast_id)
    found = members.by_code(work.uow, "number", number)
    holder = members.keeper(work.uow, found) if found is not None else None
    member = members.get(work.uow, holder) if holder is not None else None
    if stored is None or stored.began_at is None or member is None or member.erased_at is not None:
        return
    broadcast_taps.note(work.uow, member.id, broadcast_id, at=work.now)
