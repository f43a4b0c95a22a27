"""Bringing a file in: what it is of, which column says what, what each row would come to; then it
is done, watched, and taken back as a whole where it was the wrong one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.many import imports
from bot.store.many.imports import KEPT, StoredImport, StoredRow
from handlers.actions.importing.keeping import (
    KEPT_FOR,
    ArrivingFile,
    Unreadable,
    begin_doing,
    begin_looking,
    begin_undoing,
    drop_import,
    keep_file,
)
from handlers.actions.importing.looking import mended_in
from handlers.showing.tables import Cell
from handlers.showing.taken_out import COLUMNS
from rules.base import Refusal
from rules.characters import whole_number
from rules.importing.columns import FIELDS, KINDS, MAKES_MEMBERS, NEEDED, ImportField, ImportKind
from rules.importing.reading import BYTES_MAX, ROWS_MAX
from rules.programme.programme import Programme
from rules.wording.refusals import is_refusal

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import owner_page, signed, signed_work
from ...staff.frame.blueprint import takes_files
from ...staff.frame.layout import not_found, words
from ...staff.frame.words import refusal_here, refusal_line, words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.files import table_file

layout.place(59, "owner.imports")

_SHOWN_MAX, _LINES_MAX, _MENDED_MAX, _FIRST = 30, 20, 5, 4
_PAGE = 500
#: What is no trouble.
FINE = ("new", "done", "head", "back", "import_known", "import_same")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class ImportTexts:
    """The keys of what a page says of an import."""

    @staticmethod
    def of(kind: str) -> str:
        return f"owner.import.of.{kind}"

    @staticmethod
    def about(kind: str) -> str:
        return f"owner.import.about.{kind}"

    @staticmethod
    def new(kind: str) -> str:
        return f"owner.import.new.{kind}"

    @staticmethod
    def state(state: str) -> str:
        return f"owner.import.state.{state}"

    @staticmethod
    def step(step: str) -> str:
        return f"owner.import.step.{step}"

    @staticmethod
    def field(field: str) -> str:
        return f"owner.import.field.{field}"

    @staticmethod
    def undo_how(kind: str) -> str:
        own = kind if kind in MAKES_MEMBERS else "others"
        return f"owner.import.undo_how.{own}"


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column as it can be chosen: by its letter in a spreadsheet, and what stands in it."""

    number: int
    letter: str
    name: str
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """What a column is to be said for, and which is."""

    id: ImportField
    is_needed: bool
    column: int | None


@dataclass(frozen=True, slots=True)
class TroubledRow:
    """A row of which nothing becomes, and why."""

    n: int
    cells: str
    why: str
    then: str


@pages.get("/import", endpoint="imports")
@owner_page
def show_imports() -> ResponseReturnValue:
    return _listed()


@pages.post("/import", endpoint="import_file")
@owner_page
@takes_files
def take_file() -> ResponseReturnValue:
    """Keeps the file that is handed in; nothing is done with it."""
    sent = request.files.get("file")
    kind = next((each for each in _kinds() if each == request.form.get("kind")), None)
    if kind is None or sent is None or not sent.filename:
        return _listed("import_no_file", status=400)
    store = request.form.get("store") or signed().desk.store
    if current_programme().store(store) is None:
        store = current_programme().stores[0].id
    file, name = cast(BinaryIO, sent.stream), sent.filename.replace("\0", "")
    arriving = ArrivingFile(file, name, kind, store)
    made = keep_file(signed_work, arriving)
    if isinstance(made, Unreadable):
        return _listed(made.code, status=400, n=made.n)
    return redirect(url_for("owner.import", import_id=made), 303)


@pages.get("/import/<int:import_id>", endpoint="import")
@owner_page
def show_import(import_id: int) -> ResponseReturnValue:
    return _one(import_id, forms.problem_line())


@pages.post("/import/<int:import_id>/columns", endpoint="import_columns")
@owner_page
def choose_columns(import_id: int) -> ResponseReturnValue:
    """Says which column says what: each row is looked at by that."""
    with forms.form_work() as work:
        stored = _stored(work.uow, import_id)
        columns: dict[ImportField, int] = {}
        for field in FIELDS[stored.kind]:
            chosen = whole_number(request.form.get(f"column_{field}", ""), 2)
            if chosen is not None:
                columns[field] = chosen
        no = begin_looking(work, import_id, columns, has_head="has_head" in request.form)
    return _went(import_id, no)


@pages.post("/import/<int:import_id>/do", endpoint="import_do")
@owner_page
def do(import_id: int) -> ResponseReturnValue:
    counted = whole_number(request.form.get("counted", ""), 7) or 0
    with forms.form_work() as work:
        stored = _stored(work.uow, import_id)
        if request.form.get("worth", "") != _worth(stored, work.programme):
            no: Refusal | None = Refusal("stamps_changed")
        else:
            no = begin_doing(work, import_id, counted, reading=request.form.get("reading"))
    return _went(import_id, no)


@pages.post("/import/<int:import_id>/undo", endpoint="import_undo")
@owner_page
def undo(import_id: int) -> ResponseReturnValue:
    with forms.form_work() as work:
        _stored(work.uow, import_id)
        sure = "sure" in request.form
        no = begin_undoing(work, import_id) if sure else Refusal("import_unsure")
    return _went(import_id, no)


@pages.post("/import/<int:import_id>/drop", endpoint="import_drop")
@owner_page
def drop(import_id: int) -> ResponseReturnValue:
    with forms.form_work() as work:
        _stored(work.uow, import_id)
        no = drop_import(work, import_id)
    if no is not None:
        return _went(import_id, no)
    return redirect(url_for("owner.imports"), 303)


@pages.get("/import/<int:import_id>/wrong.csv", endpoint="import_wrong")
@owner_page
def fetch_wrong(import_id: int) -> ResponseReturnValue:
    """The rows of which nothing becomes, with why: to be mended, and sent again."""
    with current_club().store.read() as uow:
        stored = _stored(uow, import_id)
        [first] = imports.first_rows(uow, import_id, limit=1)
    head = list(first.cells) if stored.has_head else [_letter(n) for n in range(len(first.cells))]
    head = [*head, *(words(f"owner.import.wrong_{each}") for each in ("row", "why", "then"))]
    return table_file(f"import-{import_id}", head, map(_explained, _wrong(import_id)))


def _explained(row: StoredRow) -> list[Cell]:
    return [*row.cells, row.n, *_reason(row.fate, row.field)]


def _wrong(import_id: int) -> Iterator[StoredRow]:
    with current_club().store.read() as uow:
        codes = _troubles(imports.fates(uow, import_id))
    after = 0
    while True:
        with current_club().store.read() as uow:
            found = imports.of_fates(uow, import_id, codes, after=after, limit=_PAGE)
        yield from found
        if len(found) < _PAGE:
            return
        after = found[-1].n


def _went(import_id: int, no: Refusal | None) -> ResponseReturnValue:
    why = no.code if no else None
    return redirect(url_for("owner.import", import_id=import_id, no=why), 303)


def _stored(uow: UnitOfWork, import_id: int) -> StoredImport:
    stored = imports.get(uow, import_id)
    if stored is None or stored.state == "arriving":
        not_found()
    return stored


def _worth(stored: StoredImport, programme: Programme) -> str:
    """What a stamp is worth where the file is of old cards, for its form to say; else empty."""
    policy = programme.stamp_cards if stored.kind == "stamps" else None
    return str(policy.points) if policy else ""


def _worth_said(stored: StoredImport) -> str:
    worth = _worth(stored, current_programme())
    return (
        words("owner.import.stamps_worth", amount=words_now().amount(int(worth))) if worth else ""
    )


def _kinds() -> list[ImportKind]:
    """Of what a file can be: of old cards of stamps only where they are taken."""
    takes_stamps = current_programme().stamp_cards is not None
    return [each for each in KINDS if each != "stamps" or takes_stamps]


def _listed(code: str = "", *, status: int = 200, n: int = 0) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        found = imports.newest(uow, limit=_SHOWN_MAX)
    problem = refusal_line(code)
    return layout.page(
        "imports",
        status=status,
        texts=ImportTexts,
        found=found,
        problem=f"{words('owner.import.row', n=n)} {problem}" if n else problem,
        kinds=_kinds(),
        outs=tuple(COLUMNS),
        typed=request.form,
        all_stores=current_programme().stores,
        at_store=request.form.get("store") or signed().desk.store,
        rows_max=ROWS_MAX,
        megabytes=BYTES_MAX // 1_000_000,
    )


def _one(import_id: int, problem: str) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        stored = _stored(uow, import_id)
        first = imports.first_rows(uow, import_id, limit=_FIRST + 1)
        fates = imports.fates(uow, import_id)
        troubles = _troubles(fates)
        wrong = imports.of_fates(uow, import_id, troubles, after=0, limit=_LINES_MAX)
        rows = imports.mended(uow, import_id, limit=_MENDED_MAX)
    with current_club().reading() as work:
        mended = [each for row in rows for each in mended_in(work, stored, row)]
    total = stored.rows - fates.get("head", 0)
    left = {"checking": fates.get(None, 0), "doing": fates.get("new", 0)}
    left["undoing"] = fates.get("done", 0)
    waits = left.get(stored.state, 0)
    return layout.page(
        "import",
        texts=ImportTexts,
        stored=stored,
        problem=problem,
        columns=_columns(stored, first),
        fields=_fields(stored),
        fates=fates,
        total=total,
        percent=100 if not total else max(0, min(100, round(100 * (1 - waits / total)))),
        waits=waits,
        troubles=sorted(
            ((refusal_here(code).why if is_refusal(code) else code, many)
             for code, many in troubles.items()),
            key=lambda each: -each[1],
        ),
        trouble_count=sum(troubles.values()),
        kept=sum(fates.get(each, 0) for each in KEPT),
        wrong=[_troubled(each) for each in wrong],
        mended=mended,
        kept_days=KEPT_FOR.days,
        worth=_worth(stored, current_programme()),
        worth_said=_worth_said(stored),
        new_key=forms.new_key,
    )  # fmt: skip


def _troubles(fates: Mapping[str | None, int]) -> dict[str, int]:
    """What became of rows of which nothing did, each with how many."""
    return {code: many for code, many in fates.items() if code is not None and code not in FINE}


def _columns(stored: StoredImport, first: Sequence[StoredRow]) -> list[ColumnChoice]:
    width = max((len(each.cells) for each in first), default=0)
    head = first[0].cells if stored.has_head and first else ()
    rows = [each.cells for each in first[1 if stored.has_head else 0 :]]
    return [
        ColumnChoice(
            n,
            _letter(n),
            head[n] if n < len(head) else "",
            tuple(cells[n] if n < len(cells) else "" for cells in rows[:_FIRST]),
        )
        for n in range(width)
    ]


def _letter(n: int) -> str:
    return _LETTERS[n] if n < len(_LETTERS) else f"A{_LETTERS[n - len(_LETTERS)]}"


def _fields(stored: StoredImport) -> list[FieldChoice]:
    needed = NEEDED[stored.kind]
    return [
        FieldChoice(each, each in needed, stored.columns.get(each)) for each in FIELDS[stored.kind]
    ]


def _reason(code: str | None, field: str) -> tuple[str, str]:
    said = refusal_here(code or "import_failed")
    which = f"{words(ImportTexts.field(field))}：" if field else ""
    return which + said.why, said.then


def _troubled(row: StoredRow) -> TroubledRow:
    why, then = _reason(row.fate, row.field)
    return TroubledRow(row.n, "　".join(filter(None, row.cells)), why, then)
