"""What a connected till or web shop says, written down: each order by itself, in any order and as
often as it comes."""

from datetime import timedelta

import structlog

from bot.codes import Codes
from bot.sellers.adapter import SellerLogin
from bot.store.orders import connections, orders
from bot.store.orders.connections import SellerConnection
from bot.store.orders.orders import OrderName
from handlers.actions.recording.work import Work
from rules.orders.heard import HeardOrder, HeardReturn

from .receiving import OrderOutcome, Seller, receive_order, receive_return

log = structlog.get_logger(__name__)

#: So far a clock elsewhere may be ahead of ours: what says to be of later would be the newest word
#: until then.
_AHEAD_MAX = timedelta(days=1)
#: So often it is noted that a connection tells something.
_NOTED_EVERY = timedelta(minutes=1)
_SECRET, _TOKEN = "connection secret", "connection token"


def seal_login(codes: Codes, secret: str, token: str) -> tuple[str, str]:
    """Both as they are kept."""
    return codes.seal(_SECRET, secret), codes.seal(_TOKEN, token) if token else ""


def login_of(codes: Codes, known: SellerConnection) -> SellerLogin | None:
    """By what its system is asked, in the open; None where it was sealed under a key that is set no
    more."""
    secret = codes.unseal(_SECRET, known.secret)
    token = codes.unseal(_TOKEN, known.token) if known.token else ""
    if secret is None or token is None:
        return None
    return SellerLogin(known.fields.account, known.fields.client, secret, token)


def hear(work: Work, connection_id: int, heard: HeardOrder | HeardReturn) -> OrderOutcome | None:
    """Takes one order, or one return. None where it doesn't count: the connection is off or gone,
    it was sold before the day from which on it counts, or says to be of a day that is yet to come.
    """
    known = connections.get(work.uow, connection_id)
    if known is None or not known.is_on:
        return None
    since = work.wall - _NOTED_EVERY
    outcome = _hear(work, known, heard)
    connections.note_heard(work.uow, known.id, at=work.wall, since=since)
    if outcome is not None and outcome.refused is not None:
        log.info("order_waits", connection=known.id, reason=outcome.refused)
    return outcome


def _hear(
    work: Work, known: SellerConnection, heard: HeardOrder | HeardReturn
) -> OrderOutcome | None:
    order_id = heard.order.id if isinstance(heard, HeardOrder) else heard.order_id
    before = orders.get(work.uow, OrderName(known.fields.system, order_id))
    is_sold = before is not None and before.known.order is not None
    # Where it was sold it stays, whatever the owner says of places since.
    store = before.store if before is not None and is_sold else None
    seller = Seller(known.fields.system, store or known.fields.store_of(heard.place))
    if isinstance(heard, HeardReturn):
        if (heard.goods.updated_at or heard.goods.at) > work.now + _AHEAD_MAX:
            return None
        return receive_return(work, seller, heard.order_id, heard.goods)
    order = heard.order
    is_early = order.sold_at < known.since and not is_sold
    if is_early or order.updated_at > work.now + _AHEAD_MAX:
        return None
    return receive_order(work, seller, order)
