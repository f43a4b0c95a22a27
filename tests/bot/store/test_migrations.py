from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.store import Store
from bot.store.migrate import at_head, upgrade
from bot.store.tables import metadata


def test_the_migrations_make_what_the_code_was_written_for(database_url: str) -> None:
    store = Store(database_url)
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    store.close()


def test_a_migrated_database_is_at_the_head_and_migrating_again_changes_nothing(
    database_url: str,
) -> None:
    store = Store(database_url)
    assert at_head(store)
    upgrade(database_url)
    assert at_head(store)
    store.close()


def test_an_empty_database_is_not_at_the_head_until_it_is_migrated(database_url: str) -> None:
    store = Store(database_url)
    with store.begin() as uow:
        metadata.drop_all(uow.connection)
        uow.connection.exec_driver_sql("DROP TABLE alembic_version")
    assert not at_head(store)
    upgrade(database_url)
    assert at_head(store)
    store.close()
