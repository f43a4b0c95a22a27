from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from psycopg import sql

from bot.store import Store
from tests.shelf import connect, named

from .steps import Step, walk


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Step]:
    """What each migration did on SQLite."""
    return _walked(f"sqlite:///{tmp_path_factory.mktemp('walked') / 'club.sqlite3'}")


@pytest.fixture(scope="session")
def on_postgresql(postgres_url: str) -> Iterator[dict[str, Step]]:
    """What each migration did on PostgreSQL."""
    # Another worker walks through them, too.
    database = f"walked_{uuid4().hex}"
    name = sql.Identifier(database)
    with connect(postgres_url) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield _walked(named(postgres_url, database))
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture(params=["sqlite", "postgresql"])
def steps(request: pytest.FixtureRequest) -> dict[str, Step]:
    """What each migration did, by its number."""
    found: dict[str, Step] = request.getfixturevalue(f"on_{request.param}")
    return found


def _walked(url: str) -> dict[str, Step]:
    store = Store(url)
    try:
        with store.engine.connect() as connection:
            connection = connection.execution_options(kayoi_write=True)
            if store.is_sqlite:
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA foreign_keys = OFF")
            return {step.revision: step for step in walk(connection)}
    finally:
        store.close()
