"""Who of the staff gave a code for a card: it ends with them."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("link_codes", sa.Column("staff_id", BigInt, nullable=True))
