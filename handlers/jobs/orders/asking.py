"""What a tick does about orders of connected tills and web shops: it fetches those that are said to
have changed, and asks now and then what changed, which repairs what no message told.

The network is asked outside of transactions. Each order is a transaction of its own, and taken
again where a process died: what is the same changes nothing. A list goes on where it was left.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import get_args

import structlog

from bot.sellers.adapter import Adapter, SellerError, SellerLogin, UnreadableMessage
from bot.store import StoreBusy, UnitOfWork
from bot.store.orders import connections, hints
from bot.store.orders.connections import AskingFailure, SellerConnection
from bot.store.orders.hints import OrderHint
from handlers.actions.orders.hearing import hear, login_of
from handlers.club import Club
from rules.orders.asking import EVERY, OVERLAP, wait_after
from rules.orders.heard import HeardOrders, OrdersProblem

log = structlog.get_logger(__name__)

#: So long a tick goes on asking, by the wall's time; what is begun is finished.
_SECONDS = 10.0
#: So many orders are fetched at once.
_HINTS_MAX = 20
#: So often what we can't take by a mistake of ours is tried, before the rest goes on without it.
_TRIES = 5


@dataclass(frozen=True, slots=True)
class _AskedSeller:
    """A connection with what it is asked by."""

    known: SellerConnection
    adapter: Adapter
    login: SellerLogin


def run_if_due(club: Club) -> None:
    """One that fails keeps no other from being asked."""
    ends = monotonic() + _SECONDS
    for steps in (_hint_steps(club), _poll_steps(club)):
        for connection_id, step in steps:
            if monotonic() > ends:
                return
            try:
                step()
            except Exception:
                log.exception("orders_not_asked", connection=connection_id)
                _put_off(club, connection_id)


def _hint_steps(club: Club) -> Iterable[tuple[int, Callable[[], None]]]:
    now = club.wall.now()
    with club.store.read() as uow:
        due = hints.due(uow, now=now, most=_HINTS_MAX)
    for connection_id in dict.fromkeys(each.connection_id for each in due):
        mine = [each for each in due if each.connection_id == connection_id]
        yield connection_id, partial(_fetch, club, connection_id, mine)


def _poll_steps(club: Club) -> Iterable[tuple[int, Callable[[], None]]]:
    with club.store.read() as uow:
        due = connections.due(uow, now=club.wall.now())
    for known in due:
        yield known.id, partial(_poll, club, known)


def _fetch(club: Club, connection_id: int, mine: list[OrderHint]) -> None:
    """Fetches orders that changed; each is kept until that was done."""
    with club.store.read() as uow:
        known = connections.get(uow, connection_id)
    if known is None:
        # Said while it was being taken away.
        with club.store.begin() as uow:
            hints.drop_all(uow, connection_id)
        return
    asked = _asked(club, known) if known.is_on else None
    if asked is None:
        # Whoever turns it on again finds them.
        _later(club, mine, None)
        return
    try:
        heard = asked.adapter.fetch(asked.login, [each.order_id for each in mine])
        gives_up = min(each.tries for each in mine) >= _TRIES
        is_whole = _take(club, connection_id, heard, gives_up=gives_up)
    except (SellerError, UnreadableMessage) as problem:
        _failed(club, asked.known, problem)
        _later(club, mine, problem)
        return
    except Exception:
        _later(club, mine, None)
        raise
    with club.store.begin() as uow:
        now_known = _still_on(uow, connection_id)
        if now_known is None:
            return
        for each in mine:
            hints.done(uow, each)
        # While the system doesn't answer, that is what is said.
        if not is_whole and now_known.failing_since is None:
            connections.change(uow, connection_id, problem="unreadable")


def _later(club: Club, mine: list[OrderHint], problem: Exception | None) -> None:
    seconds = problem.retry_after if isinstance(problem, SellerError) else None
    with club.store.begin() as uow:
        for each in mine:
            wait = wait_after(each.tries + 1, seconds)
            hints.later(uow, each, at=club.wall.now() + wait)


def _poll(club: Club, known: SellerConnection) -> None:
    """Asks for the next part of what changed. When it was the last, or none came, it is asked
    again after a while; a list that was left half-way goes on with the next tick."""
    asked = _asked(club, known)
    if asked is None:
        return
    try:
        page = asked.adapter.changed(asked.login, known.read_to - OVERLAP, known.page)
    except (SellerError, UnreadableMessage) as problem:
        _failed(club, known, problem)
        return
    # What was given up comes again with the next list, which overlaps with this one.
    again = known.problem == "broken" and known.failures >= _TRIES
    gives_up = again or known.problem == "unreadable"
    is_whole = _take(club, known.id, page.heard, gives_up=gives_up)
    now = club.wall.now()
    # What says to be of later than now would keep all that comes until then from being asked for.
    newest = max(known.read_to, min(page.heard.newest or known.read_to, now))
    # While a list is read, where it began stays: its cursor is of that question.
    read_to = known.read_to if page.cursor else newest
    with club.store.begin() as uow:
        now_known = _still_on(uow, known.id)
        if now_known is None:
            # Then it wasn't taken: whoever turns it on again has it asked for once more.
            return
        uncounted = page.heard.problem or (None if is_whole else "unreadable")
        connections.change(
            uow, known.id, page=page.cursor, read_to=read_to,
            due_at=now if page.cursor else now + EVERY, failures=0, failing_since=None,
            told_at=None, problem=uncounted or _uncounted(now_known),
        )  # fmt: skip


def _still_on(uow: UnitOfWork, connection_id: int) -> SellerConnection | None:
    """The connection, nobody else's until the transaction ends, if it wasn't turned off or taken
    away while its system was asked."""
    known = connections.get(uow, connection_id, lock=True)
    return known if known is not None and known.is_on else None


def _uncounted(known: SellerConnection) -> str | None:
    """That an order couldn't be counted stays said until its owner tries the connection: the next
    list is without it."""
    return known.problem if known.problem in get_args(OrdersProblem) else None


def _asked(club: Club, known: SellerConnection) -> _AskedSeller | None:
    adapter, login = club.sellers.get(known.fields.system), login_of(club.codes, known)
    if adapter is None or login is None:
        _note_failure(club, known, "secret", None)
        return None
    return _AskedSeller(known, adapter, login)


def _take(club: Club, connection_id: int, heard: HeardOrders, *, gives_up: bool) -> bool:
    """Takes each order by itself: what is in the way of one is in no other's. Raises what was, once
    the others are taken, or `gives_up` what fails again and again. Whether all was taken."""
    trouble: Exception | None = None
    for each in heard.told:
        try:
            with club.work("api") as work:
                hear(work, connection_id, each)
        except Exception as problem:
            log.warning("order_not_taken", connection=connection_id, exc_info=True)
            trouble = problem
    if trouble is not None and (not gives_up or isinstance(trouble, StoreBusy)):
        raise trouble
    return trouble is None


def _failed(club: Club, known: SellerConnection, problem: Exception) -> None:
    if isinstance(problem, SellerError):
        _note_failure(club, known, problem.trouble, problem.retry_after)
    else:
        _note_failure(club, known, "nonsense", None)


def _note_failure(
    club: Club, known: SellerConnection, code: AskingFailure, seconds: float | None
) -> None:
    now = club.wall.now()
    log.warning("orders_unanswered", connection=known.id, reason=code)
    with club.store.begin() as uow:
        now_known = connections.get(uow, known.id, lock=True)
        if now_known is None:
            return
        failures = now_known.failures + 1
        # A cursor that its system has forgotten is given up: the list begins anew.
        page = "" if code == "nonsense" else now_known.page
        connections.change(
            uow, known.id, failures=failures, problem=code, page=page,
            failing_since=now_known.failing_since or now,
            due_at=now + wait_after(failures, seconds),
        )  # fmt: skip


def _put_off(club: Club, connection_id: int) -> None:
    """What went wrong by a mistake of ours isn't tried with each tick."""
    with club.store.read() as uow:
        known = connections.get(uow, connection_id)
    if known is not None:
        _note_failure(club, known, "broken", None)
