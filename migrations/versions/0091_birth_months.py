"""Who has their birthday in a month is counted in an index alone."""

from bot.store.engine.online import add_index

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_index(
        "ix_members_birth_month",
        "members",
        ["birth_month", "id", "membership", "visits"],
        where="erased_at IS NULL AND merged_into IS NULL",
    )
