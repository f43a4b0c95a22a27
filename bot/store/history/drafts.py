"""The programme that somebody of the shop is writing: at most one, until it is published or thrown
away."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from ..engine.db import UnitOfWork
from ..tables import drafts

_THE_ONE = 1


@dataclass(frozen=True, slots=True)
class ProgrammeDraft:
    """A programme's text on its way: `base` is the version it began with, `revision` counts its
    changes and is 0 where there is none yet."""

    text: str
    base: int
    revision: int = 0
    written_at: datetime | None = None
    #: Who of the staff changed it last.
    written_by: int | None = None


def find(uow: UnitOfWork) -> ProgrammeDraft | None:
    """The draft; None where nobody writes one. Read to change it, it is locked by `keep`."""
    row = uow.run(select(drafts).where(drafts.c.id == _THE_ONE)).first()
    if row is None:
        return None
    return ProgrammeDraft(row.text, row.base, row.revision, row.written_at, row.written_by)


def keep(uow: UnitOfWork, draft: ProgrammeDraft) -> bool:
    """Keeps what follows on its revision before; False where somebody else was faster."""
    values = {
        "text": draft.text, "base": draft.base, "revision": draft.revision,
        "written_at": draft.written_at, "written_by": draft.written_by,
    }  # fmt: skip
    if draft.revision == 1:
        return bool(uow.insert_new(drafts, [{"id": _THE_ONE, **values}]))
    before = (drafts.c.id == _THE_ONE) & (drafts.c.revision == draft.revision - 1)
    return bool(uow.run(update(drafts).where(before).values(values)).rowcount)


def drop(uow: UnitOfWork, revision: int) -> bool:
    """Throws it away; False where it isn't, or isn't of that revision any more."""
    it = (drafts.c.id == _THE_ONE) & (drafts.c.revision == revision)
    return bool(uow.run(delete(drafts).where(it)).rowcount)
