"""Two processes start a new version at the same moment, as web processes on several machines do."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.settings import PROJECT
from bot.store import Store
from bot.store.engine.migrate import MIGRATION_LOCK, behind
from bot.store.history import programs
from tests.conftest import FreshDatabase
from tests.waiting import SECONDS_MAX, until


def migrating(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "migrate"],
        cwd=PROJECT,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "SECRET_KEY": "a-secret-key-of-some-length-for-the-tests",
            "PROGRAM_FILE": str(PROJECT / "program.toml"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def two_that_migrate(url: str) -> Iterator[list[subprocess.Popen[str]]]:
    with ExitStack() as stack:
        both = [migrating(url) for _ in range(2)]
        for each in both:
            stack.callback(each.communicate)
            stack.callback(each.kill)
        yield both


def all_is_there_once(url: str, both: list[subprocess.Popen[str]]) -> None:
    said = [each.communicate(timeout=SECONDS_MAX)[0] for each in both]
    assert [each.returncode for each in both] == [0, 0], "\n".join(said)
    assert "".join(said).count("as the first programme") == 1
    store = Store(url)
    assert behind(store) is None
    with store.read() as uow:
        assert [each.number for each in programs.published(uow)] == [1]
    store.close()


@pytest.mark.unused_database
def test_of_two_that_start_at_once_on_postgresql_one_migrates_and_the_other_waits(
    fresh_postgresql: FreshDatabase,
) -> None:
    with fresh_postgresql() as url, ExitStack() as stack:
        store = Store(url)
        stack.callback(store.close)
        with store.begin() as uow:
            run = uow.connection.exec_driver_sql
            # Empty, as a new server's is: what the tests' template put there goes.
            run("DROP SCHEMA public CASCADE")
            run("CREATE SCHEMA public")
        with store.engine.connect() as third:
            third.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})

            def connected() -> int:
                here = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                with store.read() as uow:
                    return int(uow.run(text(here)).scalar_one())

            known = connected()
            both = stack.enter_context(two_that_migrate(url))

            def met() -> bool:
                # Each has a connection, and another one to ask for its turn by.
                asked = connected() >= known + 2 * len(both)
                return asked or all(each.poll() is not None for each in both)

            until(met, "both to wait for their turn")
        all_is_there_once(url, both)


def test_of_two_that_start_at_once_on_sqlite_one_migrates_and_the_other_waits(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'club.sqlite3'}"
    with two_that_migrate(url) as both:
        all_is_there_once(url, both)
