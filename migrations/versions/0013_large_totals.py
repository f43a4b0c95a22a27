"""Points have 64 bits, as SQLite's numbers always had."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_POINTS = {
    "members": ("balance",),
    "entries": ("points",),
    "lots": ("points", "left"),
    "lot_uses": ("points",),
}


def upgrade() -> None:
    _make("bigint")


def _make(kind: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in _POINTS.items():
        changes = ", ".join(f'ALTER COLUMN "{column}" TYPE {kind}' for column in columns)
        op.execute(f"ALTER TABLE {table} {changes}")
