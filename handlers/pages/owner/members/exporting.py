"""Members as a table that is opened in a spreadsheet, written a page at a time as it is fetched."""

from collections.abc import Iterator

from flask import Response

from bot.store.many import bulks
from bot.store.many.bulks import StoredBulk

from ...current import current_club
from ...staff.frame.layout import words
from ..frame.files import table_file
from .table import MemberLine, member_lines, reach_text

#: So many members are read at once.
_PAGE = 500
#: No telephone, address, birthday or note: what these were told for is no table of the owner's.
COLUMNS = (
    "number", "name", "kana", "rank", "state", "joined", "last_visit", "visits", "recent", "points",
    "stage", "reach",
)  # fmt: skip


def exported(stored: StoredBulk) -> Response:
    """The table of who stands for themselves still."""
    # Said before the first part, while the request is there to say in which language.
    head = [words(f"owner.bulk.column.{each}") for each in COLUMNS]
    return table_file(f"members-{stored.id}", head, _rows(stored.id))


def _rows(bulk_id: int) -> Iterator[tuple[str, ...]]:
    after = 0
    while True:
        with current_club().store.read() as uow:
            ids = bulks.chosen(uow, bulk_id, after=after, limit=_PAGE)
            lines = member_lines(uow, ids)
        if not ids:
            return
        yield from map(_row, lines)
        after = ids[-1]


def _row(line: MemberLine) -> tuple[str, ...]:
    active = words("staff.members.state.active")
    return (
        line.number, line.name, line.kana, line.rank, line.state or active, line.joined, line.last,
        str(line.visits), str(line.recent), line.points, line.stage, words(reach_text(line.reach)),
    )  # fmt: skip
