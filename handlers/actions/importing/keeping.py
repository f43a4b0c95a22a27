"""A file that arrives: its rows are kept a page at a time, so that whoever goes on has them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import BinaryIO

from bot.batches import batched
from bot.store.many import imports
from bot.store.many.imports import StoredImport
from handlers.actions.recording.work import Work
from rules.base import LANGS, Refusal
from rules.importing.columns import IN_ANY, ImportField, ImportKind, guess, has_head, missing
from rules.importing.reading import UnreadableTable, encoding_of, rows_of
from rules.wording.words import Words

from ..recording.log import note

#: Opens a transaction of whoever brings the file.
OpenWork = Callable[[], AbstractContextManager[Work]]
#: So many rows in one: nobody at a counter waits for a file.
_PAGE = 1_000
#: What arrived only in part, as its process died, is nothing after so long.
ARRIVES_FOR = timedelta(hours=1)
#: So long what rows say is kept after the file was touched last: to mend what was wrong.
KEPT_FOR = timedelta(days=30)
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class ArrivingFile:
    """A file as it comes, of what, and at which store it happened that no row says otherwise."""

    file: BinaryIO
    name: str
    kind: ImportKind
    store: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file is no table, by a refusal's code; and in which row, 0 for all of it."""

    code: str
    n: int = 0


def keep_file(open_work: OpenWork, arriving: ArrivingFile) -> int | Unreadable:
    """Keeps the rows; gives the import's id, or why the file can't be read."""
    made: int | None = None
    count = 0
    try:
        encoding = encoding_of(arriving.file)
        mark = _mark(arriving)
        rows = rows_of(arriving.file, encoding)
        made = _begin(open_work, arriving, mark)
        for page in batched(rows, _PAGE):
            with open_work() as work:
                imports.add_rows(work.uow, made, page)
            count += len(page)
    except UnreadableTable as problem:
        if made is not None:
            with open_work() as work:
                imports.drop(work.uow, made)
        return Unreadable(problem.code, int(problem.values.get("n", 0)))
    with open_work() as work:
        first = imports.first_rows(work.uow, made, limit=1)
        if not first:
            imports.drop(work.uow, made)
            return Unreadable("import_empty")
        head = has_head(arriving.kind, first[0].cells)
        columns = guess(arriving.kind, first[0].cells, _own_names(work)) if head else {}
        imports.change(
            work.uow, made, work.now, state="arrived", rows=count, has_head=head, columns=columns
        )
        if work.actor is not None:
            note(work, "import_arrived", count=count)
    return made


def _own_names(work: Work) -> dict[str, ImportField]:
    """What the columns of files are called that were taken out here."""
    found: dict[str, ImportField] = {}
    for lang in LANGS:
        words = Words(work.programme, lang)
        found |= {words.say(f"owner.import.field.{field}"): field for field in IN_ANY}
    return found


def _begin(open_work: OpenWork, arriving: ArrivingFile, mark: str) -> int:
    with open_work() as work:
        for old in imports.left_arriving(work.uow, work.now - ARRIVES_FOR):
            imports.drop(work.uow, old)
        stored = StoredImport(
            0,
            arriving.kind,
            "arriving",
            arriving.name[:200],
            mark,
            {},
            has_head=True,
            rows=0,
            made_at=work.now,
            made_by=work.actor.staff_id if work.actor else None,
            store=arriving.store,
            moved_at=work.now,
        )
        return imports.add(work.uow, stored)


def _mark(arriving: ArrivingFile) -> str:
    found = sha256(arriving.kind.encode())
    for piece in _pieces(arriving.file):
        found.update(piece)
    arriving.file.seek(0)
    return found.hexdigest()[:20]


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def begin_looking(
    work: Work, import_id: int, columns: Mapping[ImportField, int], *, has_head: bool
) -> Refusal | None:
    """Has each row looked at, by what the columns are said to be; also once more. Refused with
    import_needs_who, import_needs_name, import_needs_more, import_twice_column, or import_over
    where it isn't there, or is done by now."""
    stored = imports.get(work.uow, import_id, lock=True)
    if stored is None or stored.state not in ("arrived", "checking", "checked"):
        return Refusal("import_over")
    if code := missing(stored.kind, columns):
        return Refusal(code)
    if len(set(columns.values())) < len(columns):
        return Refusal("import_twice_column")
    same = (stored.columns, stored.has_head) == (dict(columns), has_head)
    if not (same and stored.state == "checking"):
        imports.look_anew(work.uow, import_id)
    if has_head:
        [first] = imports.first_rows(work.uow, import_id, limit=1)
        imports.settle(work.uow, import_id, [imports.RowFate(first.n, "head")])
    imports.change(
        work.uow, import_id, work.now, state="checking", columns=dict(columns), has_head=has_head
    )
    return None


def begin_doing(
    work: Work, import_id: int, counted: int, *, reading: str | None = None
) -> Refusal | None:
    """Has done what was looked at. Refused with import_over; with import_nothing where there is
    nothing to do; or import_changed where that is another number of rows than somebody said yes
    to, or they are looked at by other columns (`reading`, where that is told) by now."""
    stored = imports.get(work.uow, import_id, lock=True)
    if stored is None or stored.state != "checked":
        return None if stored and stored.state in ("doing", "done") else Refusal("import_over")
    count = imports.fates(work.uow, import_id).get("new", 0)
    if count != counted or not count or reading not in (None, stored.reading):
        return Refusal("import_changed" if count else "import_nothing")
    imports.change(work.uow, import_id, work.now, state="doing")
    if work.actor is not None:
        note(work, "import_begun", count=count)
    return None


def begin_undoing(work: Work, import_id: int) -> Refusal | None:
    """Has all of it taken back, as far as it can be; also where it is not all done yet. Refused
    with import_over."""
    stored = imports.get(work.uow, import_id, lock=True)
    if stored is None or stored.state not in ("doing", "done", "undone"):
        return None if stored and stored.state == "undoing" else Refusal("import_over")
    imports.rename(work.uow, import_id, imports.KEPT, "done")
    imports.change(work.uow, import_id, work.now, state="undoing")
    if work.actor is not None:
        note(work, "import_undone", count=imports.fates(work.uow, import_id).get("done", 0))
    return None


def drop_import(work: Work, import_id: int) -> Refusal | None:
    """Forgets a file of which nothing was done. Refused with import_over."""
    stored = imports.get(work.uow, import_id, lock=True)
    if stored is None or stored.state not in ("arrived", "checking", "checked"):
        return Refusal("import_over")
    imports.drop(work.uow, import_id)
    return None


def forget(open_work: OpenWork, stored: StoredImport) -> None:
    """Forgets what rows say that nobody needs any more, a page in a transaction; all of a file of
    which nothing was done."""
    was_begun = stored.state in ("done", "undone")
    with open_work() as work:
        pages = range(0, imports.last_row(work.uow, stored.id) + 1, _PAGE)
    for start in pages:
        with open_work() as work:
            # Asked again: somebody may have gone on with it since.
            its = imports.get(work.uow, stored.id, lock=True)
            if its is None or its.moved_at != stored.moved_at:
                return
            numbers = range(start, start + _PAGE)
            if was_begun:
                imports.empty(work.uow, stored.id, numbers)
            else:
                imports.drop_rows(work.uow, stored.id, numbers)
    if not was_begun:
        with open_work() as work:
            imports.drop(work.uow, stored.id)
