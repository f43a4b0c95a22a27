"""Members as a table that is opened in a spreadsheet, written a page at a time as it is fetched."""

import csv
import io
from collections.abc import Iterator, Sequence

from bot.store.many import bulks
from bot.store.many.bulks import StoredBulk
from handlers.showing.tables import cells

from ...current import current_club
from ...staff.frame.layout import words
from .table import MemberLine, member_lines, reach_text

#: So many members are read at once.
_PAGE = 500
#: No telephone, address, birthday or note: what these were told for is no table of the owner's.
COLUMNS = (
    "number", "name", "kana", "rank", "state", "joined", "last_visit", "visits", "recent", "points",
    "stage", "reach",
)  # fmt: skip


def exported(stored: StoredBulk) -> Iterator[bytes]:
    """The table in parts, with the mark by which spreadsheets know it is UTF-8; of who stands for
    themselves still."""
    # Said before the first part, while the request is there to say in which language.
    head = [words(f"owner.bulk.column.{each}") for each in COLUMNS]
    return _parts(stored, head)


def _parts(stored: StoredBulk, head: list[str]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf" + _rows([head])
    after = 0
    while True:
        with current_club().store.read() as uow:
            ids = bulks.chosen(uow, stored.id, after=after, limit=_PAGE)
            lines = member_lines(uow, ids)
        if not ids:
            return
        yield _rows([list(cells(*_row(each))) for each in lines])
        after = ids[-1]


def _row(line: MemberLine) -> tuple[str, ...]:
    active = words("staff.members.state.active")
    return (
        line.number, line.name, line.kana, line.rank, line.state or active, line.joined, line.last,
        str(line.visits), str(line.recent), line.points, line.stage, words(reach_text(line.reach)),
    )  # fmt: skip


def _rows(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
