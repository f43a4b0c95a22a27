"""Whether somebody who joins had been a member before, and was erased since or had their card moved
to another account: there is one welcome.

What is kept of them is a mark of their LINE account or telephone number, which says nothing of a
person and can only be known again (`Codes.marks`), for two years (`JOININGS_KEPT`).
"""

from collections.abc import Iterable

from bot.store.members import changes
from bot.store.members.changes import JOINED
from handlers.actions.recording.work import Work


def note_joining(work: Work, known_by: Iterable[str]) -> None:
    """Leaves the marks of somebody who was a member: of LINE accounts, telephone numbers; "" is
    none."""
    for each in filter(None, known_by):
        changes.newest(work.uow, work.codes.marks(JOINED, each), JOINED, at=work.now)


def joined_before(work: Work, known_by: Iterable[str | None]) -> bool:
    """Whether one of them was a member's."""
    marks = (work.codes.marks(JOINED, each) for each in known_by if each)
    return any(changes.last(work.uow, each, JOINED) is not None for each in marks)
