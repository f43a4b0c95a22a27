"""A letter by post is known as the programme's, and can be taken back."""

import re
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

#: What the letter of a month was called so far.
_NAMED = re.compile(r"(\d{4})年(\d{1,2})月のお手紙")


def upgrade() -> None:
    op.add_column("contacts", sa.Column("letter", sa.Date()))
    is_mailed = sa.text("kind = 'mailed'")
    op.create_index(
        "ix_contacts_mailed", "contacts", ["at"], postgresql_where=is_mailed, sqlite_where=is_mailed
    )
    contacts = sa.table(
        "contacts", sa.column("kind", sa.String), sa.column("text", sa.Text),
        sa.column("letter", sa.Date),
    )  # fmt: skip
    its, connection = contacts.c.kind == "mailed", op.get_bind()
    named = sa.select(contacts.c.text).where(its, contacts.c.text.like("%月のお手紙")).distinct()
    for text in connection.execute(named).scalars().all():
        if (found := _NAMED.fullmatch(text)) and 1 <= int(found[2]) <= 12:
            letter = date(int(found[1]), int(found[2]), 1)
            connection.execute(
                contacts.update().where(its, contacts.c.text == text).values(letter=letter)
            )
