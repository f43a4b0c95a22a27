import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text

from bot.store import Store
from bot.store.engine import migrate, online
from bot.store.engine.migrate import upgrade
from tests.conftest import FreshDatabase
from tests.waiting import until


@contextmanager
def migration(store: Store) -> Iterator[None]:
    """What is done in the block is done by a migration."""
    with store.engine.connect() as connection:
        connection = connection.execution_options(kayoi_write=True)
        context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
        with context.begin_transaction(_per_migration=True), Operations.context(context):
            yield


def indexes(store: Store) -> dict[str, bool]:
    """Those of the notes, and whether each is of use."""
    if store.is_sqlite:
        found = "SELECT name, 1 FROM sqlite_master WHERE type = 'index' AND tbl_name = 'notes'"
    else:
        found = "SELECT indexrelid::regclass::text, indisvalid FROM pg_index"
        found += " WHERE indrelid = 'notes'::regclass"
    with store.read() as uow:
        return {name: bool(valid) for name, valid in uow.run(text(found)).all()}


@pytest.mark.unused_database
def test_an_index_is_made_of_a_table_that_is_there(database_url: str) -> None:
    store = Store(database_url)
    with migration(store):
        online.add_index("ix_notes_some", "notes", ["value"], where="value <> ''", unique=True)
    assert indexes(store)["ix_notes_some"]
    store.close()


@pytest.mark.unused_database
def test_one_that_could_not_be_made_is_made_anew(fresh_postgresql: FreshDatabase) -> None:
    with fresh_postgresql() as url:
        store = Store(url)
        with store.begin() as uow:
            uow.run(text("INSERT INTO notes (name, value) VALUES ('a', 'x'), ('b', 'x')"))
        with pytest.raises(Exception, match="ix_notes_some"), migration(store):
            online.add_index("ix_notes_some", "notes", ["value"], unique=True)
        assert not indexes(store)["ix_notes_some"]
        with store.begin() as uow:
            uow.run(text("DELETE FROM notes WHERE name = 'b'"))
        with migration(store):
            online.add_index("ix_notes_some", "notes", ["value"], unique=True)
        assert indexes(store)["ix_notes_some"]
        store.close()


@pytest.mark.unused_database
def test_who_uses_a_table_for_long_holds_up_the_migration_and_nobody_else(
    fresh_postgresql: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "_TABLE_SECONDS_MAX", 0.2)
    monkeypatch.setattr(migrate, "_PAUSE_SECONDS", 0.05)
    tries: list[str] = []
    applied = migrate._apply

    def tried(connection: Connection, revision: str) -> None:
        tries.append(revision)
        applied(connection, revision)

    monkeypatch.setattr(migrate, "_apply", tried)
    with fresh_postgresql() as url:
        store = Store(url)
        with store.begin() as uow:
            # As it was: the migration adds a column to the members, which nobody may use then.
            uow.run(text("UPDATE alembic_version SET version_num = '0065'"))
            uow.run(text("ALTER TABLE members DROP COLUMN subscribed_from"))
            uow.run(text("ALTER TABLE members DROP COLUMN subscribed_until"))
        migrating = threading.Thread(target=upgrade, args=(url, "0066"))
        with store.read() as uow:
            uow.run(text("SELECT id FROM members"))
            migrating.start()
            until(lambda: len(tries) > 2, "the migration to try again")
            with store.begin() as other:
                other.run(text("UPDATE members SET visits = visits"))
        migrating.join()
        with store.read() as uow:
            uow.run(text("SELECT subscribed_until FROM members"))
        store.close()


@pytest.mark.unused_database
def test_of_a_migration_that_fails_nothing_stays(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(database_url)
    with store.begin() as uow:
        uow.run(text("UPDATE alembic_version SET version_num = '0089'"))
    # Its indexes are there already.
    with pytest.raises(Exception, match="already exists"):
        upgrade(database_url)
    with store.read() as uow:
        assert migrate.head_of(uow.connection) == "0089"
    store.close()
