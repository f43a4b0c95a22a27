"""Files of other systems that are brought in."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("mark", sa.String(20), nullable=False),
        sa.Column("columns", sa.Text, nullable=False),
        sa.Column("has_head", sa.Boolean, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", BigInt),
        sa.Column("store", sa.String(40), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_mark", "imports", ["mark"])
    is_open = sa.text("state IN ('checking', 'doing', 'undoing')")
    op.create_index(
        "ix_imports_open", "imports", ["id"], postgresql_where=is_open, sqlite_where=is_open
    )
    op.create_table(
        "import_rows",
        sa.Column("import_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        sa.Column("fate", sa.String(40)),
        sa.Column("field", sa.String(10), nullable=False),
        sa.Column("mended", sa.Boolean, nullable=False),
        sa.Column("who", sa.String(16)),
        sa.Column("member_id", BigInt),
        sa.PrimaryKeyConstraint("import_id", "n", name=op.f("pk_import_rows")),
    )
    op.create_index("ix_import_rows_fate", "import_rows", ["import_id", "fate", "member_id", "n"])
    op.create_index("ix_import_rows_who", "import_rows", ["import_id", "who"])
    op.create_index("ix_import_rows_member", "import_rows", ["member_id"])
