"""Filters with a name: made, changed, thrown away."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter

from bot.store.events import events
from bot.store.events.events import StoredEvent
from bot.store.history import drafts, programs
from bot.store.messages import broadcasts, segments
from bot.store.messages.broadcasts import StoredBroadcast
from bot.store.messages.segments import Segment
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.broadcasts.broadcast import Broadcast, Whom
from rules.checking.cross_references import SegmentUse, segment_uses, segments_named
from rules.checking.reading import InvalidProgramme, parse
from rules.editing.ids import new_id
from rules.journeys.programme import WholeProgramme, whole

from ..recording.idempotency import once_for
from ..recording.log import note

NAME_MAX = 60
#: Of more nobody finds the one they mean.
SEGMENTS_MAX = 50
_MADE: TypeAdapter[int | str] = TypeAdapter(int | str)
#: Somebody else changed it meanwhile, or threw it away.
CHANGED = Refusal("segment_changed")


@dataclass(frozen=True, slots=True)
class SegmentUsers:
    """What asks for whom a segment finds, and still will."""

    broadcasts: tuple[StoredBroadcast, ...] = ()
    events: tuple[StoredEvent, ...] = ()
    #: Of the programme as it is written now.
    parts: tuple[SegmentUse, ...] = ()
    #: And of one in force, or that waits, what isn't written so any more.
    parts_until: tuple[SegmentUse, ...] = ()

    def __len__(self) -> int:
        parts = len(self.parts) + len(self.parts_until)
        return len(self.broadcasts) + len(self.events) + parts


def add_segment(work: Work, name: str, whom: Whom) -> int | Refusal:
    """Keeps a filter under a name, once for the form; gives its id.

    Refused with segment_nameless, segment_everybody, segment_name_taken or segment_many.
    """

    def act() -> int | str:
        if no := _unfit(name, whom):
            return no.code
        if len(segments.every(work.uow)) >= SEGMENTS_MAX:
            return "segment_many"
        by, slug = work.staff.staff_id, _slug_for(work, name)
        made = segments.add(work.uow, name, slug, whom, by=by, at=work.now)
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
    """Throws it away, unless something still asks for it."""
    segment = segments.get(work.uow, segment_id, lock=True)
    if segment is None:
        return None
    if used_by(work, segment):
        return Refusal("segment_used")
    segments.drop(work.uow, segment_id)
    note(work, "segment_dropped", name=segment.name)
    return None


def used_by(work: Work, segment: Segment) -> SegmentUsers:
    """What asks for it and isn't over: parts of the programme, events to come, and broadcasts. What
    a broadcast goes by counts from when it began, but for versions that are tried."""
    open_ones = (*broadcasts.not_begun(work.uow), *broadcasts.opened(work.uow))
    asking = {each.id: each for each in open_ones if _asks(each, segment)}
    coming = events.unfinished(work.uow, after=work.now)
    return SegmentUsers(
        tuple(asking[each] for each in sorted(asking)),
        tuple(each for each in coming if segment.slug in each.event.segments_asked),
        *_parts(work, segment.slug),
    )


def _asks(stored: StoredBroadcast, segment: Segment) -> bool:
    """Whether it does still: by what it noted of it when it began, it asks no more."""
    said: Broadcast = stored.broadcast
    first = said.first.segments if said.first else ()
    return (
        segment.slug in said.arms_segments
        or (said.segment_then is None and said.segment == segment.id)
        or (said.first_then is None and segment.slug in first)
    )


def _parts(work: Work, slug: str) -> Iterator[tuple[SegmentUse, ...]]:
    """Those that are written so now, and those that are so without being written any more; each
    part once."""
    seen: set[tuple[str, str]] = set()
    now, *others = (list(segment_uses(each)) for each in _programmes(work))
    for uses in (now, [use for each in others for use in each]):
        mine = {(use.section, use.id): use for use in uses if slug in use.segments}
        yield tuple(use for key, use in mine.items() if key not in seen)
        seen |= mine.keys()


def _programmes(work: Work) -> Iterator[WholeProgramme]:
    """The one that is written, which is the newest where there is no draft; then what is in force,
    and what waits for its moment."""
    versions = programs.published(work.uow)
    held = sum(each.since <= work.now for each in versions)
    written = drafts.find(work.uow) or versions[-1]
    texts = [written.text, *(each.text for each in versions[max(0, held - 1) :])]
    # What was kept was read before: only an older version of ours can have kept another.
    read = [parse(text) for text in texts]
    yield from (each for each in read if not isinstance(each, InvalidProgramme))


def _slug_for(work: Work, name: str) -> str:
    """What the programme will call it: of its name, and never what anything meant another by."""
    taken = {each.slug for each in segments.every(work.uow)}
    taken |= {n for each in work.timeline.versions for n in segments_named(whole(each.programme))}
    taken |= events.segments_named(work.uow)
    return new_id({"name": {"en": name}}, "segment", taken)


def _unfit(name: str, whom: Whom) -> Refusal | None:
    if not name:
        return Refusal("segment_nameless")
    return Refusal("segment_everybody") if whom.is_everybody else None
