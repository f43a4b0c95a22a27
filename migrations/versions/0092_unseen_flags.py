"""How many flags nobody has seen, which every page says, is counted in an index of those alone."""

from bot.store.engine.online import add_index

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_index("ix_flags_unseen", "flags", ["store"], where="seen_at IS NULL")
