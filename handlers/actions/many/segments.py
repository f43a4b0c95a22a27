"""Filters with a name: made, changed, thrown away."""

from pydantic import TypeAdapter

from bot.store.messages import broadcasts, segments
from bot.store.messages.broadcasts import StoredBroadcast
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.broadcasts.broadcast import Whom

from ..recording.idempotency import once_for
from ..recording.log import note

NAME_MAX = 60
#: Of more nobody finds the one they mean.
SEGMENTS_MAX = 50
_MADE: TypeAdapter[int | str] = TypeAdapter(int | str)
#: Somebody else changed it meanwhile, or threw it away.
CHANGED = Refusal("segment_changed")


def add_segment(work: Work, name: str, whom: Whom) -> int | Refusal:
    """Keeps a filter under a name, once for the form; gives its id.

    Refused with segment_nameless, segment_everybody, segment_name_taken or segment_many.
    """

    def act() -> int | str:
        if no := _unfit(name, whom):
            return no.code
        if len(segments.every(work.uow)) >= SEGMENTS_MAX:
            return "segment_many"
        made = segments.add(work.uow, name, whom, by=work.staff.staff_id, at=work.now)
        if made is None:
            return "segment_name_taken"
        note(work, "segment_made", name=name)
        return made

    made = once_for(_MADE, work, f"segment {name} {whom!r}", act)
    return Refusal(made) if isinstance(made, str) else made


def change_segment(
    work: Work, segment_id: int, *, name: str, whom: Whom, revision: int
) -> Refusal | None:
    """Keeps what somebody made of the filter of that revision."""
    segment = segments.get(work.uow, segment_id, lock=True)
    if segment is None:
        return CHANGED
    if (segment.name, segment.whom) == (name, whom):
        return None
    if segment.revision != revision:
        return CHANGED
    if no := _unfit(name, whom):
        return no
    if segments.named(work.uow, name) not in (None, segment_id):
        return Refusal("segment_name_taken")
    by = work.staff.staff_id
    segments.change(work.uow, segment, name=name, whom=whom, by=by, at=work.now)
    note(work, "segment_changed", name=name)
    return None


def drop_segment(work: Work, segment_id: int) -> Refusal | None:
    """Throws it away, unless something that is still to go out asks for it."""
    segment = segments.get(work.uow, segment_id, lock=True)
    if segment is None:
        return None
    if used_by(work, segment_id):
        return Refusal("segment_used")
    segments.drop(work.uow, segment_id)
    note(work, "segment_dropped", name=segment.name)
    return None


def used_by(work: Work, segment_id: int) -> list[StoredBroadcast]:
    """The broadcasts that have not begun and go to whom it finds. One that has begun goes by what
    it said then."""
    ahead = broadcasts.not_begun(work.uow)
    return [each for each in ahead if each.broadcast.segment == segment_id]


def _unfit(name: str, whom: Whom) -> Refusal | None:
    if not name:
        return Refusal("segment_nameless")
    return Refusal("segment_everybody") if whom.is_everybody else None
