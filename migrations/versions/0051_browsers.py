"""In which browser somebody on LINE last opened their card's page."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("line_accounts", sa.Column("browser", sa.String(64)))
