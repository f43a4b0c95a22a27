"""Two machines, one of which goes without a word: python -m tests.soak.kills.silent

It is a network namespace of its own, on whose database's rows it holds a lock. Its cable is pulled:
what it asks next must fail, and what it had locked be free, in about half a minute. Needs root and
`ip`, on Linux.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import PROJECT
from bot.store import Store
from tests.ports import held_port
from tests.waiting import until

from .databases import Disk, Server

_SPACE, _HERE, _THERE = "kayoi-soak", "10.199.77.1", "10.199.77.2"
#: Twice what it is to take; else Linux would hold on for two hours.
_SECONDS_MAX = 60
_LOCK = "SELECT pg_advisory_xact_lock(77)"


def _ip(command: str, *, must: bool = True) -> None:
    subprocess.run(["ip", *command.split()], check=must, capture_output=not must)


@contextmanager
def machine() -> Iterator[None]:
    """A second machine beside this one."""
    _ip(f"netns add {_SPACE}")
    try:
        _ip(f"link add kayoi0 type veth peer name kayoi1 netns {_SPACE}")
        _ip(f"addr add {_HERE}/24 dev kayoi0")
        _ip("link set kayoi0 up")
        _ip(f"-n {_SPACE} addr add {_THERE}/24 dev kayoi1")
        _ip(f"-n {_SPACE} link set kayoi1 up")
        yield
    finally:
        _ip("link del kayoi0", must=False)
        _ip(f"netns del {_SPACE}")


@contextmanager
def served(folder: Path, port: int) -> Iterator[None]:
    """A PostgreSQL that other machines reach."""
    server = Server(Disk(folder))
    data = folder / "postgres"
    with (data / "pg_hba.conf").open("a") as file:
        file.write(f"host all all {_THERE}/32 trust\n")
    server.ends()
    server.asked("start", f"-h {_HERE} -p {port} -k {data}")
    try:
        yield
    finally:
        server.ends()


def holds(url: str) -> None:
    """What the other machine does: locks, and asks again once its cable is pulled."""
    began = 0.0
    try:
        with Store(url).begin() as uow:
            uow.run(text(_LOCK))
            click.echo("locked")
            sys.stdin.readline()
            began = time.monotonic()
            uow.run(text("SELECT 1"))
    except SQLAlchemyError:
        click.echo(f"{time.monotonic() - began:.0f}")


def main() -> None:
    with TemporaryDirectory() as name, held_port() as port, machine(), served(Path(name), port):
        here = f"postgresql+psycopg://postgres@/postgres?host={name}/postgres&port={port}"
        there = f"postgresql+psycopg://postgres@{_HERE}:{port}/postgres"
        command = ["ip", "netns", "exec", _SPACE, sys.executable, "-m", __spec__.name, there]
        with _running(command) as other, closing(Store(here)) as store:
            assert other.stdin is not None
            assert other.stdout is not None
            assert other.stdout.readline() == "locked\n"
            assert not _is_free(store)
            _ip("link set kayoi0 down")
            began = time.monotonic()
            other.stdin.write("\n")
            other.stdin.flush()
            until(lambda: _is_free(store), "the lock", seconds=_SECONDS_MAX, pause=0.5)
            click.echo(f"what it had locked is free after {time.monotonic() - began:.0f} s")
            click.echo(f"it knows itself after {other.stdout.readline().strip()} s")


@contextmanager
def _running(command: list[str]) -> Iterator["subprocess.Popen[str]"]:
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=PROJECT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _is_free(store: Store) -> bool:
    with store.begin() as uow:
        return bool(uow.run(text("SELECT pg_try_advisory_xact_lock(77)")).scalar_one())


if __name__ == "__main__":
    if sys.argv[1:]:
        holds(sys.argv[1])
    else:
        main()
