"""Rows of a file of which something was put right are found without reading the others."""

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    some = sa.text("mended")
    op.create_index(
        "ix_import_rows_mended",
        "import_rows",
        ["import_id", "n"],
        postgresql_where=some,
        sqlite_where=some,
    )
