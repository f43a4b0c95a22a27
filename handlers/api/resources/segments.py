"""Segments: the owner's filters with a name, and who is in them."""

from pydantic import Field

from bot.store.messages import crowds, segments
from bot.store.messages.crowds import asked_for
from rules.broadcasts.broadcast import Whom

from ..frame.current import asking, reading
from ..frame.doors import reads
from ..frame.models import AnswerPart
from ..frame.paging import PageQuery, next_link
from ..frame.people import MemberInShort, members_in_short
from ..frame.problems import Trouble


class NamedSegment(AnswerPart):
    """A filter with a name."""

    segment: str = Field(description="By which it is asked for; it stays when the name changes.")
    name: str


class SegmentList(AnswerPart):
    """All the filters that have a name."""

    segments: list[NamedSegment]


class SegmentPage(AnswerPart):
    """Part of those who are in a segment."""

    members: list[MemberInShort]
    next: str | None = Field(description="Where the next part is; null after the last one.")


@reads("/segments", SegmentList, "segments")
def list_segments() -> SegmentList:
    """List the segments."""
    with reading() as work:
        found = segments.every(work.uow)
    return SegmentList(segments=[NamedSegment(segment=each.slug, name=each.name) for each in found])


@reads("/segments/<segment>/members", SegmentPage, "segments", found=True)
def list_segment(segment: str, query: PageQuery) -> SegmentPage:
    """List who is in a segment now.

    A key of one store lists those of them who come there most often.
    """
    with reading() as work:
        known = segments.by_slug(work.uow, [segment]).get(segment)
        if known is None:
            raise Trouble(404, "not_found")
        own = asking().store
        also = (Whom(stores=(own,)),) if own and len(work.programme.stores) > 1 else ()
        asked = asked_for(work.programme, known.whom, work.day, also)
        page = crowds.page(work.uow, asked, after=query.place(), limit=query.limit + 1)
        ids = page[: query.limit]
        last = ids[-1] if len(page) > query.limit else None
        members = members_in_short(work, ids)
    return SegmentPage(members=members, next=next_link(last, query.limit))
