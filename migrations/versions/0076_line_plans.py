"""What LINE tells of its own membership stands by account and plan, also where no subscription
names the plan, so that the shop hears of it; and what members subscribe to stands in a column, so
that each subscription's are counted at once.

What LINE told before is known where a subscription named the plan; else it comes with the next
renewal.
"""

import json

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "line_plans",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("plan", BigInt, autoincrement=False, nullable=False),
        sa.Column("told", sa.String(8), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "plan", name=op.f("pk_line_plans")),
    )
    op.create_index("ix_line_plans_plan", "line_plans", ["plan", "told"])
    op.add_column("members", sa.Column("subscriptions", sa.Text))
    _fill_in()
    is_one = sa.text("subscribed_until IS NOT NULL")
    op.create_index(
        "ix_members_subscribed",
        "members",
        ["subscribed_until", "subscribed_from", "membership", "merged_into", "subscriptions"],
        postgresql_where=is_one,
        sqlite_where=is_one,
    )


def _fill_in() -> None:
    members = sa.table(
        "members", *map(sa.column, ("id", "facts", "subscribed_until", "subscriptions"))
    )
    found = sa.select(members.c.id, members.c.facts).where(members.c.subscribed_until.is_not(None))
    for row in op.get_bind().execute(found).all():
        marks = json.loads(row.facts).get("subscriptions", {})
        said = " ".join(
            f"{of}:{mark['since']}:{mark['until'] or ''}"
            for of, mark in sorted(marks.items())
            if not mark["until"] or mark["since"] <= mark["until"]
        )
        mine = members.update().where(members.c.id == row.id)
        op.get_bind().execute(mine.values(subscriptions=said or None))
