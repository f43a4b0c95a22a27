"""An export into an empty installation. What it says is looked at before anything is written; the
rows are written in one transaction, so that whoever is stopped on the way leaves an empty database,
and can begin again."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from bot.store import Store, UnitOfWork
from bot.store.engine.migrate import head_of, is_known, upgrade
from bot.store.leaving import rows_in
from bot.store.leaving.rows_in import UnusableRow

from . import manifest
from .export import ART
from .manifest import FileInExport, Manifest, TableInExport, UnusableExport
from .parcels_in import ParcelIn, parcel_from

_PIECE = 1_000_000
_ART_NAME = re.compile(r"[^/\\\0.][^/\\\0]{0,150}\.png")
_FILE_NAME = re.compile(r"files/[a-z_]{1,60}/[0-9]{1,12}\.(?:png|jpg)")


class AnotherKey(UnusableExport):
    """The export was made with another SECRET_KEY."""


class NotEmpty(UnusableExport):
    """The database has rows: an export is restored into an empty one."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a club is restored to."""

    url: str
    store: Store
    #: The folder of the shop's own pictures; None for none.
    art: Path | None
    #: What tells its SECRET_KEY, and those of before, from others.
    marks: Collection[str]


@dataclass(frozen=True, slots=True)
class Manner:
    """How: with what is sealed by another SECRET_KEY left out; and with what was about to be sent
    still to be sent, where the club of before was stopped first."""

    without_secrets: bool = False
    sends_on: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it."""

    contents: Manifest
    #: Messages that waited to be sent and won't be.
    not_sent: int


def restore_from(path: Path, place: Destination, manner: Manner) -> Iterator[str | Restored]:
    """Gives what it is at, and at last what came of it. UnusableExport says what is in the way, and
    then nothing was written."""
    with parcel_from(path) as parcel:
        contents = contents_of(parcel)
        yield from _looked_at(parcel, contents)
        if contents.secret_key_mark not in place.marks and not manner.without_secrets:
            raise AnotherKey
        with _in_words():
            _make_place(place, contents)
            rows_in.check_whole(place.store, contents.tables)
            tables = {
                name: rows_in.table_for(place.store, name, said.fields)
                for name, said in contents.tables.items()
            }
            _lay_art(parcel, place, contents)
            not_sent = 0
            with place.store.begin() as uow:
                yield from _Filling(parcel, contents, uow, tables).all()
                rows_in.number_on(uow, tables.values())
                if contents.secret_key_mark not in place.marks:
                    rows_in.without_secrets(uow, tables)
                if not manner.sends_on:
                    not_sent = rows_in.let_rest(uow, tables)
        place.store.close()
        upgrade(place.url)
        yield Restored(contents, not_sent)


def contents_of(parcel: ParcelIn) -> Manifest:
    """Its table of contents, which tells of every file that is in it, and of no other."""
    if manifest.NAME not in parcel.names:
        raise UnusableExport(f"There is no {manifest.NAME} in it.")
    with parcel.open(manifest.NAME) as file:
        data = file.read(manifest.BYTES_MAX + 1)
    if len(data) > manifest.BYTES_MAX:
        raise UnusableExport(f"Its {manifest.NAME} is too long.")
    contents = manifest.read(data)
    told = {manifest.NAME, *map(_file_of, contents.tables), *contents.files}
    if told != parcel.names:
        named = sorted(told ^ parcel.names)[0]
        raise UnusableExport(f"{named[:100]!r} is in it, or in its {manifest.NAME}, but not both.")
    for name, said in contents.files.items():
        kept = name.removeprefix(f"{ART}/")
        is_art = kept != name and _ART_NAME.fullmatch(kept)
        if not (is_art or _FILE_NAME.fullmatch(name)) or said.bytes > manifest.PICTURE_MAX:
            raise UnusableExport(f"{name[:100]!r} is no picture of an export.")
    if not is_known(contents.schema_head):
        raise UnusableExport(
            f"It was made by a newer Kayoi ({contents.kayoi[:20]}): bring this one up to date "
            "first."
        )
    return contents


def _looked_at(parcel: ParcelIn, contents: Manifest) -> Iterator[str]:
    """Compares every file with what is said of it."""
    files: dict[str, FileInExport] = {_file_of(name): s for name, s in contents.tables.items()}
    for name, said in (files | contents.files).items():
        found, length = hashlib.sha256(), 0
        with parcel.open(name) as file:
            while length <= said.bytes and (piece := file.read(_PIECE)):
                found.update(piece)
                length += len(piece)
        if (length, found.hexdigest()) != (said.bytes, said.sha256):
            raise UnusableExport(f"{name} is not as it was written: it is damaged, or changed.")
        yield name


def _make_place(place: Destination, contents: Manifest) -> None:
    """An empty database, as it was when the export was made: later migrations come after the rows,
    as they did where the club was."""
    store = place.store
    if (taken := rows_in.first_taken(store)) is not None:
        raise NotEmpty(f"The database has rows already (in {taken!r}).")
    with store.engine.connect() as connection:
        is_there = head_of(connection) == contents.schema_head
    if not is_there:
        rows_in.drop_empty(store)
        upgrade(place.url, contents.schema_head)


def _lay_art(parcel: ParcelIn, place: Destination, contents: Manifest) -> None:
    """The shop's own pictures, beside its programme."""
    names = [name for name in contents.files if name.startswith(f"{ART}/")]
    if place.art is None or not names:
        return
    ours = {name: place.art / name.removeprefix(f"{ART}/") for name in names}
    for name, path in ours.items():
        if path.is_symlink() or (path.exists() and _sha256(path) != contents.files[name].sha256):
            raise UnusableExport(
                f"{path} is another picture than the one in the export: put it aside first."
            )
    place.art.mkdir(parents=True, exist_ok=True)
    for name, path in ours.items():
        if not path.exists():
            making = path.with_name(f".making-{path.name}")
            making.write_bytes(_read(parcel, contents.files, name))
            making.replace(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class _Filling:
    """A database while it is filled."""

    parcel: ParcelIn
    contents: Manifest
    uow: UnitOfWork
    tables: rows_in.Tables

    def all(self) -> Iterator[str]:
        for name, said in self.contents.tables.items():
            with self.parcel.open(_file_of(name)) as file:
                for _ in rows_in.write(self.uow, self.tables[name], self._rows(name, said, file)):
                    yield name
            yield name

    def _rows(self, name: str, said: TableInExport, file: BinaryIO) -> Iterator[dict[str, object]]:
        number = 0
        read = partial(_read, self.parcel, self.contents.files)
        while line := file.readline(manifest.LINE_MAX):
            number += 1
            try:
                yield rows_in.row_of(line, said.fields, read)
            except UnusableRow as problem:
                raise UnusableExport(f"Line {number} of {_file_of(name)} {problem}.") from None
        if number != said.rows:
            raise UnusableExport(f"{_file_of(name)} has {number} lines, and not {said.rows}.")


def _read(parcel: ParcelIn, files: Mapping[str, FileInExport], name: str) -> bytes:
    if name not in files:
        raise UnusableRow("names a file that isn't there")
    with parcel.open(name) as file:
        data = file.read(manifest.PICTURE_MAX + 1)
    # Looked at once already, but whoever can write there may have changed it since.
    if hashlib.sha256(data).hexdigest() != files[name].sha256:
        raise UnusableExport(f"{name} is not as it was written.")
    return data


def _file_of(table: str) -> str:
    return f"{table}.ndjson"


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except UnusableRow as problem:
        raise UnusableExport(str(problem)) from None
