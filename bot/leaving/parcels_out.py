"""What an export is written into: a folder, a tar, or a zip that can leave while it is made."""

import io
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class ParcelOut(Protocol):
    """Files, one after the other, each under its name."""

    def file(self, name: str, /) -> AbstractContextManager[BinaryIO]:
        """One at a time."""


class FolderOut:
    """A folder that its owner alone may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700)

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        path = self._folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as out:
            yield out


class TarOut:
    """A tar, in which the length of a file stands before it: each is laid beside it first."""

    def __init__(self, tar: tarfile.TarFile, made_at: datetime, beside: Path) -> None:
        self._tar, self._made_at, self._beside = tar, made_at, beside

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        with tempfile.TemporaryFile(dir=self._beside) as laid:
            yield cast(BinaryIO, laid)
            about = tarfile.TarInfo(name)
            about.size, about.mtime, about.mode = laid.tell(), int(self._made_at.timestamp()), 0o600
            laid.seek(0)
            self._tar.addfile(about, laid)


class ZipOut:
    """A zip, into a stream that need not be able to go back."""

    def __init__(self, file: zipfile.ZipFile, made_at: datetime) -> None:
        self._zip, self._at = file, made_at.timetuple()[:6]

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        about = zipfile.ZipInfo(name, self._at)
        about.compress_type = zipfile.ZIP_DEFLATED
        about.external_attr = 0o600 << 16
        with self._zip.open(about, "w", force_zip64=True) as out:
            yield cast(BinaryIO, out)


class Conveyor(io.RawIOBase):
    """A stream of which what was written is taken away, a piece at a time."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        before = len(self._waiting)
        self._waiting += data
        return len(self._waiting) - before

    @property
    def waits(self) -> int:
        """Bytes to be taken away."""
        return len(self._waiting)

    def take(self) -> bytes:
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken


@contextmanager
def parcel_at(path: Path, made_at: datetime) -> Iterator[ParcelOut]:
    """A new one at `path`, by how its name ends: whole at the end of the block, or not at all."""
    with tempfile.TemporaryDirectory(prefix="making-", dir=path.parent) as name:
        there = Path(name)
        making = there / "export"
        if path.suffix in (".tar", ".zip"):
            making.touch(mode=0o600)
        match path.suffix:
            case ".zip":
                with zipfile.ZipFile(making, "w") as zipped:
                    yield ZipOut(zipped, made_at)
            case ".tar":
                with tarfile.open(making, "w") as tar:
                    yield TarOut(tar, made_at, there)
            case _:
                yield FolderOut(making)
        if path.is_dir():
            path.rmdir()
        shutil.move(making, path)
