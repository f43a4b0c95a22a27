"""All that a club has, as files: `export --all`, and the same from the console."""

import hashlib
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from bot import VERSION
from bot.store import Store, UnitOfWork
from bot.store.engine.migrate import head_of
from bot.store.history import programs
from bot.store.leaving import rows_out
from bot.store.leaving.kinds import LEFT_OUT, fields_of, tables_taken

from . import manifest
from .manifest import FileInExport, Manifest, ProgrammeInExport, TableInExport
from .parcels_out import Conveyor, ParcelOut, ZipOut, parcel_at

#: Where the shop's own pictures from the folder beside its programme stand.
ART = "art"
#: Bytes after which a piece leaves.
PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Leaving:
    """What an export is made of."""

    store: Store
    #: The shop's own pictures; None for none.
    art: Path | None
    #: What tells this SECRET_KEY from another.
    mark: str


@dataclass(slots=True)
class _Packing:
    """An export while it is written."""

    leaving: Leaving
    uow: UnitOfWork
    parcel: ParcelOut
    tables: dict[str, TableInExport] = field(default_factory=dict)
    files: dict[str, FileInExport] = field(default_factory=dict)

    def all(self, now: datetime) -> Generator[str, None, None]:
        """Gives the name of what is being written, after each page."""
        for table in tables_taken():
            said = _Sum()
            rows = 0
            with self.parcel.file(f"{table.name}.ndjson") as out:
                for line in rows_out.lines(self.uow, table):
                    rows += 1
                    said.write(out, line)
                    if rows % rows_out.PAGE == 0:
                        yield table.name
            self.tables[table.name] = TableInExport(
                bytes=said.bytes, sha256=said.hex, rows=rows, fields=fields_of(table)
            )
            yield table.name
            for name, data in rows_out.files(self.uow, table):
                self._file(name, data)
                yield table.name
        for path in _art(self.leaving.art):
            self._file(f"{ART}/{path.name}", path.read_bytes())
            yield ART
        with self.parcel.file(manifest.NAME) as out:
            out.write(manifest.written(self._contents(now)))
        yield manifest.NAME

    def _file(self, name: str, data: bytes) -> None:
        said = _Sum()
        with self.parcel.file(name) as out:
            said.write(out, data)
        self.files[name] = FileInExport(bytes=said.bytes, sha256=said.hex)

    def _contents(self, now: datetime) -> Manifest:
        return Manifest(
            format=manifest.FORMAT,
            kayoi=VERSION,
            schema_head=head_of(self.uow.connection),
            made_at=now.astimezone(UTC).isoformat(),
            secret_key_mark=self.leaving.mark,
            programmes=[
                ProgrammeInExport(
                    number=each.number,
                    since=each.since.isoformat(),
                    sha256=hashlib.sha256(each.text.encode()).hexdigest(),
                )
                for each in programs.published(self.uow)
            ],
            tables=self.tables,
            files=self.files,
            left_out=dict(LEFT_OUT),
            under_way={
                "webhook_events": rows_out.open_events(self.uow),
                "send_attempts": rows_out.open_attempts(self.uow),
            },
        )


class _Sum:
    """What was written of a file."""

    def __init__(self) -> None:
        self.bytes = 0
        self._hash = hashlib.sha256()

    def write(self, out: BinaryIO, data: bytes) -> None:
        out.write(data)
        self._hash.update(data)
        self.bytes += len(data)

    @property
    def hex(self) -> str:
        return self._hash.hexdigest()


def _art(folder: Path | None) -> list[Path]:
    return sorted(folder.glob("*.png")) if folder is not None and folder.is_dir() else []


def export_to(leaving: Leaving, path: Path, now: datetime) -> Iterator[str]:
    """Writes all of it, as it is at one moment, to a new file or folder; gives what it is at. Where
    it is broken off nothing is there."""
    with parcel_at(path, now) as parcel, leaving.store.read() as uow:
        yield from _Packing(leaving, uow, parcel).all(now)


def export_stream(leaving: Leaving, now: datetime) -> Iterator[bytes]:
    """The same as a zip, a piece at a time while it is read."""
    conveyor = Conveyor()
    with (
        leaving.store.read() as uow,
        zipfile.ZipFile(conveyor, "w") as zipped,
        # Who breaks off leaves no file open in the zip.
        closing(_Packing(leaving, uow, ZipOut(zipped, now)).all(now)) as steps,
    ):
        for _ in steps:
            if conveyor.waits >= PIECE:
                yield conveyor.take()
    yield conveyor.take()
