"""What members gave to good causes stays what it was when they gave it."""

import tomllib

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_USES = sa.table(
    "reward_uses", sa.column("reward"), sa.column("used", BigInt), sa.column("yen", BigInt)
)


def upgrade() -> None:
    op.add_column("reward_uses", sa.Column("yen", BigInt, nullable=False, server_default="0"))
    worth: dict[str, int] = {}
    programmes = sa.text("SELECT text FROM programs ORDER BY number")
    for programme in op.get_bind().execute(programmes).scalars():
        rewards = tomllib.loads(programme).get("rewards", [])
        worth |= {each["id"]: each.get("value_yen", 0) for each in rewards}
    # So it was told until now: all of it by what one of the newest programme is worth.
    for reward, yen in worth.items():
        its = sa.update(_USES).where(_USES.c.reward == reward)
        op.execute(its.values(yen=_USES.c.used * yen))
