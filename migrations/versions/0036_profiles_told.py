"""What members tell about themselves, and the telephones that they are proving."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_TOLD = {
    "age_band": 40, "gender": 40, "area": 40, "interests": 500, "postcode": 7, "address": 200,
    "proven_phone": 20,
}  # fmt: skip


def upgrade() -> None:
    for name, length in _TOLD.items():
        empty = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("profiles", empty)
    op.create_table(
        "phone_proofs",
        sa.Column("member_id", BigInt, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("wrong", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("member_id", "asked_at", name=op.f("pk_phone_proofs")),
    )
    op.create_index("ix_phone_proofs_asked_at", "phone_proofs", ["asked_at"])
