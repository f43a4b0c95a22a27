"""Figures of sources and of costs are found by their days."""

from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_source_figures_day", "source_figures", ["day", "source_id", "figure", "value"]
    )
    op.create_index("ix_cost_figures_day", "cost_figures", ["day", "name", "value"])
    op.create_index("ix_message_figures_day", "message_figures", ["day", "journey", "sent"])
