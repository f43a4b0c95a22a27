"""Where connected tills and web shops tell us of orders: `/orders/<system>/<connection>`.

Whoever asks shows no key: each message is signed, and nothing of it is read before its signature
is. What we can't use is answered as taken, or its sender would send it again and again, and then
nothing more.
"""

import structlog
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from bot.sellers.adapter import Adapter, Notice, UnreadableMessage
from bot.store import StoreBusy
from bot.store.orders import connections, hints
from handlers.actions.orders.hearing import hear, login_of
from rules.orders.heard import HeardOrders

from .frame.blueprint import private
from .frame.current import current_club
from .frame.rates import count_request

log = structlog.get_logger(__name__)

#: An order of five hundred lines is smaller.
BODY_BYTES_MAX = 4_000_000
#: A shop's busiest minute is far from it.
RATE_PER_MINUTE = 600
_RATE = "KAYOI_ORDERS_RATE"
_BUSY_SECONDS = 5

pages = Blueprint("sellers", __name__, url_prefix="/orders")
pages.after_request(private)


@pages.before_request
def _hold_to_size() -> None:
    request.max_content_length = BODY_BYTES_MAX


@pages.post("/<system>/<int:connection_id>", endpoint="tell")
def hear_notice(system: str, connection_id: int) -> Response:
    """200: it was taken, or is no matter of ours. 401 alike for no such connection, for one that
    was taken away and for a wrong signature."""
    rate = current_app.config.get(_RATE, RATE_PER_MINUTE)
    counted = count_request(f"{request.remote_addr} {connection_id}", rate, of="sellers")
    if not counted.is_in:
        return Response(status=429, headers={"Retry-After": str(counted.reset_seconds)})
    notice = Notice(
        {name.lower(): value for name, value in request.headers.items()},
        request.get_data(cache=False),
        f"{current_club().base_url}{request.path}",
    )
    adapter = current_club().sellers.get(system)
    heard = _heard(adapter, connection_id, notice) if adapter is not None else None
    if heard is None:
        return Response(status=401)
    _take(connection_id, heard)
    return Response(status=200)


@pages.errorhandler(StoreBusy)
def _answer_busy(_error: StoreBusy) -> Response:
    return Response(status=503, headers={"Retry-After": str(_BUSY_SECONDS)})


@pages.errorhandler(HTTPException)
def _answer_status(error: HTTPException) -> Response:
    """Without a page: no person reads it."""
    return Response(status=error.code or 400)


def _heard(adapter: Adapter, connection_id: int, notice: Notice) -> HeardOrders | None:
    """What a genuine message says; None for one that isn't."""
    club = current_club()
    with club.store.read() as uow:
        known = connections.get(uow, connection_id)
    if known is None or known.fields.system != adapter.system:
        return None
    login = login_of(club.codes, known)
    if login is None:
        log.error("connection_secret_unreadable", connection=connection_id)
        return None
    # With no secret anybody could sign.
    if not login.secret or not adapter.is_genuine(notice, login.secret):
        log.warning("order_notice_refused", connection=connection_id)
        return None
    try:
        return adapter.heard(login, notice)
    except UnreadableMessage:
        log.warning("order_notice_unreadable", connection=connection_id)
        return HeardOrders(problem="unreadable")


def _take(connection_id: int, heard: HeardOrders) -> None:
    """Each order by itself: what is in the way of one is in no other's."""
    club = current_club()
    for each in heard.told:
        with club.work("api") as work:
            hear(work, connection_id, each)
    if not heard.hints and not heard.problem:
        return
    with club.work("api") as work:
        known = connections.get(work.uow, connection_id)
        if known is not None and heard.hints:
            hints.add(work.uow, known.id, heard.hints, at=work.wall)
        if known is not None and heard.problem and known.problem is None:
            connections.change(work.uow, known.id, problem=heard.problem)
