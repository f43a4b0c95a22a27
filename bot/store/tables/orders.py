"""Receipts by their lines."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table

from rules.orders.lines import CATEGORY_MAX, ITEM_MAX, NAME_MAX

from .base import metadata, of_member
from .types import BigInt

#: What was bought by a member's purchase, number `seq` of their history: it stands beside it, and
#: nothing is judged by it again. `left` is how many pieces weren't brought back, `bought_on` the
#: business day. `holder_id` is who has the card now: after a merging, whoever took it over.
bought_lines = Table(
    "bought_lines",
    metadata,
    of_member(primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("item", String(ITEM_MAX), nullable=False),
    Column("name", String(NAME_MAX), nullable=False),
    Column("category", String(CATEGORY_MAX), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("yen", Integer, nullable=False),
    Column("tax_yen", Integer, nullable=False),
    Column("excluded", Boolean, nullable=False),
    Column("left", Integer, nullable=False),
    Column("bought_on", Date, nullable=False),
    Column("holder_id", BigInt, nullable=False),
)
#: Who bought something is asked by its code or by what it belongs to.
for _name in ("item", "category"):
    Index(
        f"ix_bought_lines_{_name}",
        bought_lines.c[_name],
        bought_lines.c.bought_on,
        bought_lines.c.holder_id,
        bought_lines.c.left,
    )
Index("ix_bought_lines_holder_id", bought_lines.c.holder_id)

#: Which pieces were brought back by number `seq` of the history.
returned_lines = Table(
    "returned_lines",
    metadata,
    of_member(primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("of", Integer, nullable=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("quantity", Integer, nullable=False),
)
