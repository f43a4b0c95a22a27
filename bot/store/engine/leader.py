"""One leader among many processes, by PostgreSQL's advisory lock; SQLite has one process."""

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from .db import Store, UnitOfWork

#: Any number will do that nothing else in the database uses: "kayoi" on a telephone's keys.
_LOCK = 52964

_ANY = text(
    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = :lock AND granted AND database"
    " = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1"
)


def is_any(uow: UnitOfWork) -> bool:
    """Whether anybody leads, in whichever process; on SQLite the one that there is does."""
    return uow.is_sqlite or uow.run(_ANY, {"lock": _LOCK}).first() is not None


class Leadership:
    """Held on a connection of its own; the database frees it when that connection dies, half a
    minute after a machine that went without a word."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: Connection | None = None

    def held(self) -> bool:
        """Whether we lead; tries to when we don't yet."""
        if self._store.is_sqlite:
            return True
        try:
            if self._connection is None:
                return self._try()
            self._connection.execute(text("SELECT 1"))
            return True
        except SQLAlchemyError:
            self.release()
            return False

    def release(self) -> None:
        """Lets another process lead."""
        connection, self._connection = self._connection, None
        if connection is not None:
            # Closing the connection itself, not handing it back to the pool, frees the lock.
            connection.invalidate()
            connection.close()

    def _try(self) -> bool:
        connection = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        won = connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK})
        if won.scalar_one():
            self._connection = connection
            return True
        connection.close()
        return False
