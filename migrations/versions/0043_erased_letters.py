"""What was written for a card that was erased goes, and its cases are over.

Words had stayed where their chat had stopped speaking of the card before it was erased; 0039 made
open cases of them.
"""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_ERASED = "member_id IN (SELECT id FROM members WHERE erased_at IS NOT NULL)"


def upgrade() -> None:
    op.execute(f"DELETE FROM inbox WHERE {_ERASED}")
    op.execute(
        "UPDATE cases SET state = 'closed', assigned_to = NULL"
        f" WHERE state <> 'closed' AND {_ERASED}"
    )
