"""What an export is read from: a folder, a tar or a zip. It comes from anywhere, so that nothing in
it is unpacked: a file is read by the name that the manifest has, or not at all."""

import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from .manifest import NAME, UnusableExport

#: An export has a hundred files of rows, and pictures.
FILES_MAX = 200_000
#: So many times its own size no zip of ours is unpacked, but for what is small anyway.
UNPACKED_MAX, _SMALL = 200, 50_000_000


class ParcelIn(Protocol):
    """Files by their names."""

    @property
    def names(self) -> frozenset[str]:
        """All that are in it."""

    def open(self, name: str, /) -> AbstractContextManager[BinaryIO]:
        """One of them."""


class FolderIn:
    """A folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        found = []
        for path in folder.rglob("*"):
            if path.is_symlink():
                raise UnusableExport(f"{path.name} in it is no file of its own.")
            if path.is_file():
                found.append(path.relative_to(folder).as_posix())
            if len(found) > FILES_MAX:
                raise UnusableExport("There are too many files in it.")
        self.names = frozenset(found)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        with (self._folder / name).open("rb") as file:
            yield file


class TarIn:
    """A tar."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._members: dict[str, tarfile.TarInfo] = {}
        for each in tar:
            if each.isdir():
                continue
            if not each.isreg() or each.name in self._members or len(self._members) > FILES_MAX:
                raise UnusableExport(f"{each.name[:100]!r} in it is no file of its own.")
            self._members[each.name] = each
        self.names = frozenset(self._members)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        file = self._tar.extractfile(self._members[name])
        if file is None:
            raise UnusableExport(f"{name} in it is no file.")
        with file:
            yield cast(BinaryIO, file)


class ZipIn:
    """A zip."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zip = zipped
        files = [each for each in zipped.infolist() if not each.is_dir()]
        names = [each.filename for each in files]
        packed = sum(each.compress_size for each in files)
        if sum(each.file_size for each in files) > max(_SMALL, UNPACKED_MAX * packed):
            raise UnusableExport("It would be far larger unpacked than any export is.")
        if len(names) > FILES_MAX or len(set(names)) < len(names):
            raise UnusableExport("There are too many files in it, or two of one name.")
        self.names = frozenset(names)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        with self._zip.open(name) as file:
            yield cast(BinaryIO, file)


def is_parcel(path: Path) -> bool:
    """Whether it looks like an export, and like no back-up."""
    if path.is_dir() or zipfile.is_zipfile(path):
        return True
    try:
        # A back-up is compressed.
        with tarfile.open(path, "r:") as tar:
            return any(each.name == NAME for each in tar)
    except (tarfile.TarError, OSError, EOFError):
        return False


@contextmanager
def parcel_from(path: Path) -> Iterator[ParcelIn]:
    """What is at `path`. UnusableExport for what can't be read, also while it is."""
    try:
        if path.is_dir():
            yield FolderIn(path)
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as zipped:
                yield ZipIn(zipped)
        else:
            with tarfile.open(path, "r:") as tar:
                yield TarIn(tar)
    except (
        OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, NotImplementedError,
        zlib.error, RuntimeError,
    ) as problem:  # fmt: skip
        raise UnusableExport(f"{path.name} can't be read: {problem}.") from problem
