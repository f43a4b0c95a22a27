"""Names with letters that are compared in a plainer form now are searched for anew.

What these members were found by goes; the next night makes it again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

#: Letters that no term has any more: those with a stroke, ligatures, marks of repetition, fillers.
_NO_MORE = "đðłøħıŧŋæœþヽヾ\u1160"

_TERMS = sa.table("search_terms", sa.column("member_id"), sa.column("term"))


def upgrade() -> None:
    some = sa.or_(*(_TERMS.c.term.contains(letter) for letter in _NO_MORE))
    found = sa.select(_TERMS.c.member_id).where(some)
    op.execute(sa.delete(_TERMS).where(_TERMS.c.member_id.in_(found)))
