"""Receipts by their lines, the orders of other systems, and what these have set aside."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text

from rules.orders.lines import CATEGORY_MAX, ITEM_MAX, NAME_MAX
from rules.orders.order import ID_MAX, SYSTEM_MAX

from .base import metadata, of_member, partial_index
from .types import BigInt, UtcDateTime

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

#: Orders by what their system calls them. `known` (JSON, `rules.orders.order.KnownOrder`) is what
#: all messages say together, without who bought it. `named_id` is the member that the newest of
#: them leads to, `claimed_id` who brought the code of its slip. `member_id` and `seq` are where the
#: purchase stands in a history, `sale` and `returns` (JSON) what of it was written down there,
#: `refused` why it couldn't be. One that is `over` is forgotten: nothing more is done for it.
orders = Table(
    "orders",
    metadata,
    Column("system", String(SYSTEM_MAX), primary_key=True),
    Column("order_id", String(ID_MAX), primary_key=True),
    Column("store", String(40)),
    Column("known", Text, nullable=False),
    Column("named_id", BigInt),
    Column("claimed_id", BigInt),
    Column("member_id", BigInt),
    Column("seq", Integer),
    Column("sale", Text, nullable=False),
    Column("returns", Text, nullable=False),
    Column("refused", String(40)),
    Column("slip", String(12)),
    Column("told_at", UtcDateTime, nullable=False),
    Column("over", Boolean, nullable=False),
)
Index("ix_orders_slip", orders.c.slip)
Index("ix_orders_member_id", orders.c.member_id, orders.c.seq)
Index("ix_orders_named_id", orders.c.named_id)
Index("ix_orders_claimed_id", orders.c.claimed_id)
partial_index("ix_orders_refused", orders.c.system, orders.c.told_at, where="refused IS NOT NULL")
#: Those that wait for somebody, by when they were told last.
for _name, _where in (
    ("ix_orders_waiting", "refused IS NOT NULL"),
    ("ix_orders_unclaimed", "slip IS NOT NULL AND claimed_id IS NULL"),
):
    partial_index(_name, orders.c.told_at, orders.c.system, orders.c.order_id, where=_where)

#: Rewards that a system (`client`) has set aside for a member, up to `until` (exclusive). `state`:
#: open (until then), redeemed (under the outside key `action`) or cancelled. `holder_id` is who has
#: the card now: after a merging, whoever took it over. `voucher` NULL: for points.
reservations = Table(
    "reservations",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("client", BigInt, nullable=False),
    of_member(),
    Column("holder_id", BigInt, nullable=False),
    Column("reward", String(40), nullable=False),
    Column("voucher", Integer),
    Column("points", Integer, nullable=False),
    Column("store", String(40), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("state", String(9), nullable=False),
    Column("action", String(200)),
)
Index("ix_reservations_member_id", reservations.c.member_id)
Index("ix_reservations_holder_id", reservations.c.holder_id, reservations.c.until)
Index("ix_reservations_reward", reservations.c.reward, reservations.c.until)
