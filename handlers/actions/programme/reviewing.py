"""A programme reviewed in its club: what it names beside itself must be there."""

from bot.store import UnitOfWork
from bot.store.messages import segments
from rules.checking.cross_references import segments_named, unknown_segments
from rules.checking.reading import InvalidProgramme, review
from rules.journeys.programme import WholeProgramme


def review_here(
    uow: UnitOfWork, text: str, *, lock: bool = False
) -> WholeProgramme | InvalidProgramme:
    """The programme in `text` as this club may publish it. With `lock` no segment that it names is
    thrown away until the transaction ends."""
    programme = review(text)
    return programme if isinstance(programme, InvalidProgramme) else fit(uow, programme, lock=lock)


def fit(
    uow: UnitOfWork, programme: WholeProgramme, *, lock: bool = False
) -> WholeProgramme | InvalidProgramme:
    """The same of one that was read. Nothing is asked where it names no segment."""
    named = segments_named(programme)
    if not named or not named - set(segments.by_slug(uow, named, lock=lock)):
        return programme
    return InvalidProgramme(unknown_segments(programme, tuple(segments.names_by_slug(uow))))
