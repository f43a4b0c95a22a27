"""The day of drifting on each member's row, looked through in pages and moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from rules.facts import Facts

from ..engine.bulk import update_each
from ..engine.db import Store, UnitOfWork
from ..engine.statements import PreparedStatement
from ..members.member_columns import facts_of
from ..tables import members

#: So many rows are read at once, and those of them that change are written at once.
PAGE = 500

_PAGE = PreparedStatement(
    select(members.c.id, members.c.facts, members.c.drift_on)
    .where(
        members.c.id > bindparam("after"),
        members.c.visits > 0,
        members.c.erased_at.is_(None),
        members.c.merged_into.is_(None),
    )
    .order_by(members.c.id)
    .limit(PAGE)
)


@dataclass(frozen=True, slots=True)
class KeptDay:
    """What stands on a member's row."""

    member_id: int
    #: The facts as the row has them.
    text: str
    day: date | None

    @property
    def facts(self) -> Facts:
        """ValueError where they can't be read."""
        return facts_of(self.text)


def pages(store: Store) -> Iterator[list[KeptDay]]:
    """Everybody who ever came and stands for themselves, PAGE at a time."""
    after, is_more = 0, True
    while is_more:
        with store.read() as uow:
            found = [KeptDay(*row) for row in uow.ask(_PAGE, {"after": after})]
        if found:
            yield found
            after = found[-1].member_id
        is_more = len(found) == PAGE


def move(uow: UnitOfWork, days: Sequence[tuple[KeptDay, date | None]]) -> int:
    """Writes these days on the rows that are as they were read, and gives how many: whoever wrote
    one since had a day of their own for it."""
    rows = [(kept.member_id, kept.text, day) for kept, day in days]
    return update_each(uow, members, ["id", "facts"], ["drift_on"], rows) if rows else 0
