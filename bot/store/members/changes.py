"""When somebody last changed what stands beside the history: the newest change wins, whichever
order the events come in. What was taken away leaves its mark here, too.

Whom or what it is about is a keyed hash (`Codes.mark`), so that a mark says nothing of a person who
was erased.
"""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import last_changes

_AT = select(last_changes.c.changed_at).where(
    last_changes.c.subject == bindparam("subject"), last_changes.c.field == bindparam("field")
)
_LAST = PreparedStatement(_AT)


def newest(
    uow: UnitOfWork, subject: str, field: str, *, at: datetime, wins_ties: bool = False
) -> bool:
    """Notes that `field` of `subject` was changed at `at`; False, and nothing is noted, where a
    newer change is known. `wins_ties`: so it is at equal times, as the more careful state."""
    insert = sqlite.insert if uow.is_sqlite else postgresql.insert
    row = {"subject": subject, "field": field, "changed_at": at}
    known = last_changes.c.changed_at
    changed = insert(last_changes).on_conflict_do_update(
        index_elements=[last_changes.c.subject, last_changes.c.field],
        set_={"changed_at": at},
        where=known <= at if wins_ties else known < at,
    )
    return uow.run(changed.execution_options(preserve_rowcount=True), row).rowcount == 1


def last(uow: UnitOfWork, subject: str, field: str) -> datetime | None:
    """When it was changed last, as far as anybody remembers."""
    found = uow.ask(_LAST, {"subject": subject, "field": field})
    return found[0].changed_at if found else None
