"""What a migration does while the version before it goes on serving.

PostgreSQL lets nobody write to a table while an index of it is made, unless it is told to; SQLite
has one writer at a time whatever is made.
"""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

#: So long an index may take to be made: it waits for all who write, and for a back-up that reads.
_SECONDS_MAX = 3600


def add_index(
    name: str, table: str, columns: Sequence[str], *, where: str = "", unique: bool = False
) -> None:
    """Makes an index of a table that was there before, in the place of one of that name; those who
    write to it go on.

    What this migration did so far is kept from here on, also where the index can't be made. Begun
    again it makes the index anew, so it comes last.
    """
    some = text(where) if where else None
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index(name, table, if_exists=True)
        op.create_index(name, table, columns, unique=unique, sqlite_where=some)
        return
    with op.get_context().autocommit_block():
        op.execute(f"SET lock_timeout = '{_SECONDS_MAX}s'")
        # One that was broken off stays behind, too, and is of no use.
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.create_index(
            name,
            table,
            columns,
            unique=unique,
            postgresql_where=some,
            postgresql_concurrently=True,
        )
        op.execute("RESET lock_timeout")
