"""When somebody last changed what stands beside the history: the newest change wins, whichever
order the events come in. What was taken away leaves its mark here, too.

Whom or what it is about is a keyed hash (`Codes.marks`), so that it says nothing of a person who
was erased. There is one for each key: it is written by today's, and read by those of before too.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import last_changes

#: The field under which it is noted that somebody who was erased had been a member.
JOINED = "joined"
#: The field under which it is noted that two members with one telephone number are two people.
APART = "apart"
_AT = select(last_changes.c.changed_at).where(
    last_changes.c.subject == bindparam("subject"), last_changes.c.field == bindparam("field")
)
_LAST = PreparedStatement(_AT)


def newest(
    uow: UnitOfWork, subject: Sequence[str], field: str, *, at: datetime, wins_ties: bool = False
) -> bool:
    """Notes that `field` of `subject` was changed at `at`; False, and nothing is noted, where a
    newer change is known. `wins_ties`: so it is at equal times, as the more careful state."""
    today, *before = subject
    noted = last(uow, before, field)
    if noted is not None and (noted > at or (noted == at and not wins_ties)):
        return False
    insert = sqlite.insert if uow.is_sqlite else postgresql.insert
    row = {"subject": today, "field": field, "changed_at": at}
    known = last_changes.c.changed_at
    changed = insert(last_changes).on_conflict_do_update(
        index_elements=[last_changes.c.subject, last_changes.c.field],
        set_={"changed_at": at},
        where=known <= at if wins_ties else known < at,
    )
    return uow.run(changed.execution_options(preserve_rowcount=True), row).rowcount == 1


def last(uow: UnitOfWork, subject: Sequence[str], field: str) -> datetime | None:
    """When it was changed last, as far as anybody remembers."""
    rows = [row for mark in subject for row in uow.ask(_LAST, {"subject": mark, "field": field})]
    return max((row.changed_at for row in rows), default=None)
