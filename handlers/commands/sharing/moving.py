"""`flask --app app members import` and `members export`: the files that the owner's page takes."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import AppGroup

from bot.progress import progress
from bot.store.many import imports
from bot.store.many.imports import StoredImport
from handlers.actions.importing.keeping import (
    ArrivingFile,
    Unreadable,
    begin_doing,
    begin_looking,
    begin_undoing,
    drop_import,
    keep_file,
)
from handlers.club import Club
from handlers.jobs.many.imports import go_on, parts_left
from handlers.showing.tables import MARK, written
from handlers.showing.taken_out import COLUMNS, heading, rows
from rules.base import Refusal
from rules.importing.columns import KINDS
from rules.wording.refusals import refusal_text
from rules.wording.words import Words

from ..errors import command_errors
from ..installation import WithClub

_KINDS, _OUT_KINDS = click.Choice(KINDS), click.Choice(list(COLUMNS))
_LINES_MAX = 100
_FINE = ("new", "done", "head", "back", "import_known", "import_same")


def add_moving(group: AppGroup, ready: WithClub) -> None:
    """Gives the group its commands `import`, `undo-import` and `export`."""
    _add_import(group, ready)
    _add_undo(group, ready)
    _add_export(group, ready)


def _add_import(group: AppGroup, ready: WithClub) -> None:
    @group.command("import")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option(
        "--kind", type=_KINDS, default="members", show_default=True, help="What the file is of."
    )
    @click.option("--store", default="", help="The store's id where no row says it.")
    @click.option("--dry-run", is_flag=True, help="Only say what each row would come to.")
    @command_errors
    def import_(file: Path, kind: str, store: str, *, dry_run: bool) -> None:
        """Bring in the CSV in FILE (docs/owner.md): members, visits, purchases, balances
        or old cards of stamps.

        Columns are known by their headings. The same file does each of its rows once, and what was
        broken off goes on.
        """
        club = ready().club
        words = Words(club.timeline().at(club.now()).programme, "en")
        made = _kept(club, words, file, kind, store)
        stored = _stored(club, made)
        named = ", ".join(words.say(f"owner.import.field.{each}") for each in stored.columns)
        click.echo(f"Columns: {named or 'none known'}.")
        with club.work() as work:
            no = begin_looking(work, made, stored.columns, has_head=stored.has_head)
        _refuse(words, no)
        _go_on(club, stored, "Looked at")
        for line in _lines(club, words, made):
            click.echo(line)
        if kind == "stamps" and (policy := words.programme.stamp_cards):
            click.echo(words.say("owner.import.stamps_worth", amount=words.amount(policy.points)))
        count = _fates(club, made).get("new", 0)
        if dry_run or not count:
            with club.work() as work:
                drop_import(work, made)
            end = " Next: the same without --dry-run." if count else ""
            click.echo(f"To bring in: {count}. Nothing was kept.{end}")
            return
        with club.work() as work:
            no = begin_doing(work, made, count)
        _refuse(words, no)
        _go_on(club, stored, "Brought in")
        click.echo(f"Brought in: {_fates(club, made).get('done', 0)}. To take it back:")
        click.echo(f"  flask --app app members undo-import {made}")


def _add_undo(group: AppGroup, ready: WithClub) -> None:
    @group.command("undo-import")
    @click.argument("number", type=int)
    @click.confirmation_option(prompt="Take back all that this import brought in?")
    @command_errors
    def undo_import(number: int) -> None:
        """Take back as a whole what import NUMBER brought in."""
        club = ready().club
        words = Words(club.timeline().at(club.now()).programme, "en")
        stored = _stored(club, number)
        with club.work() as work:
            no = begin_undoing(work, number)
        _refuse(words, no)
        _go_on(club, stored, "Taken back")
        for line in _lines(club, words, number):
            click.echo(line)
        click.echo(f"Taken back: {_fates(club, number).get('back', 0)}.")


def _add_export(group: AppGroup, ready: WithClub) -> None:
    @group.command("export")
    @click.option(
        "--kind", type=_OUT_KINDS, default="members", show_default=True, help="What to take out."
    )
    @click.option("--lang", type=click.Choice(["ja", "en"]), default="ja", help="Of the heading.")
    @click.option(
        "--out", type=click.Path(dir_okay=False, path_type=Path), help="The file; else stdout."
    )
    @command_errors
    def export(kind: str, lang: str, out: Path | None) -> None:
        """Take out members, visits, purchases or balances as CSV."""
        club = ready().club
        wanted = next(each for each in COLUMNS if each == kind)
        words = Words(club.timeline().at(club.now()).programme, "en" if lang == "en" else "ja")
        parts = written(heading(words, wanted), progress(rows(club.store, words, wanted), "Rows"))
        if out is not None and not out.exists():
            # For nobody else to read, as it holds members' personal data.
            out.touch(mode=0o600)
        file = out.open("w", encoding="utf-8", newline="") if out else sys.stdout
        try:
            file.write(MARK)
            file.writelines(parts)
        finally:
            if out is not None:
                file.close()


def _kept(club: Club, words: Words, file: Path, kind: str, store: str) -> int:
    wanted = next(each for each in KINDS if each == kind)
    at_store = words.programme.store(store) if store else words.programme.stores[0]
    if at_store is None:
        raise click.ClickException(f"There is no store {store}.")
    with file.open("rb") as opened:
        made = keep_file(club.work, ArrivingFile(opened, file.name, wanted, at_store.id))
    if isinstance(made, Unreadable):
        where = f"Row {made.n}: " if made.n else ""
        raise click.ClickException(where + refusal_text(words, made.code, "staff").whole)
    return made


def _stored(club: Club, import_id: int) -> StoredImport:
    with club.store.read() as uow:
        stored = imports.get(uow, import_id)
    if stored is None:
        raise click.ClickException("There is no such import.")
    return stored


def _fates(club: Club, import_id: int) -> dict[str | None, int]:
    with club.store.read() as uow:
        return imports.fates(uow, import_id)


def _refuse(words: Words, no: Refusal | None) -> None:
    if no is not None:
        raise click.ClickException(refusal_text(words, no.code, "staff").whole)


def _go_on(club: Club, stored: StoredImport, what: str) -> None:
    """The clock of a running club may do some of it, too."""

    def parts() -> Iterator[None]:
        while True:
            go_on(club, stored.id)
            yield
            if not _stored(club, stored.id).is_going_on:
                return

    for _ in progress(parts(), f"{what}, pages", total=parts_left(club, stored.id)):
        pass


def _lines(club: Club, words: Words, import_id: int) -> Iterator[str]:
    """Why nothing becomes of rows."""
    with club.store.read() as uow:
        fates = imports.fates(uow, import_id)
        codes = [each for each in fates if each is not None and each not in _FINE]
        found = imports.of_fates(uow, import_id, codes, after=0, limit=_LINES_MAX)
    for each in found:
        which = f"{words.say(f'owner.import.field.{each.field}')}: " if each.field else ""
        yield f"Row {each.n}: {which}{refusal_text(words, each.fate or '', 'staff').why}."
    total = sum(fates[each] for each in codes)
    if total > len(found):
        yield f"And {total - len(found)} more."
    known = fates.get("import_known", 0) + fates.get("import_same", 0)
    if known:
        yield f"Known already: {known}."
