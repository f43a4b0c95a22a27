"""Orders of tills and web shops that wait for somebody: those that no history could take, with why
and what to do, and those that nobody has claimed by their code yet. Managers see their store's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask import request, url_for
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.many import member_lists
from bot.store.members import members
from bot.store.orders import waiting
from bot.store.orders.orders import OrderName
from bot.store.orders.waiting import OrderPlace, OrdersAsked, WaitingOrder
from bot.store.staff import api_keys
from handlers.actions.orders.receiving import CLAIMED_WITHIN, try_again
from rules.characters import instant, spaced_number
from rules.wording.names import formal
from rules.wording.texts import show

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import language, manager_page, signed
from ...staff.frame.layout import store_name, words
from ...staff.frame.words import refusal_here
from ..frame import layout
from ..frame.blueprint import pages

layout.place(79, "owner.orders")

WaitKind = Literal["refused", "unclaimed"]
#: So many of each stand on a page.
PAGE = 25
#: Nobody has more keys of more systems.
_KEYS_MAX = 200
#: Those that the page explains in words of its own.
ORDER_REASONS = ("left", "no_purchases", "merged", "order_undone")
#: Of these no further try comes to anything.
_HOPELESS = frozenset({"no_purchases", "order_undone"})


@dataclass(frozen=True, slots=True)
class StuckOrder:
    """An order that waits, as the page shows it."""

    name: OrderName
    #: As its buyer reads it.
    number: str
    system: str
    store: str
    sold: str
    yen: int
    #: Whose it is, as the number of the card and how they are called.
    card: str = ""
    called: str = ""
    why: str = ""
    then: str = ""
    again: bool = False
    #: The slip's code, and its last day.
    slip: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Some of those that wait, and where the next ones are; None where there are none."""

    lines: tuple[StuckOrder, ...]
    older: str | None
    is_first: bool


@pages.get("/orders", endpoint="orders")
@manager_page
def show_orders() -> ResponseReturnValue:
    club, now = current_club(), current_club().now()
    with club.store.read() as uow:
        systems = _systems(uow)
        found = {
            "refused": waiting.refused(uow, _asked("refused")),
            "unclaimed": waiting.claimable(
                uow, _asked("unclaimed"), now=now, within=CLAIMED_WITHIN
            ),
        }
        shown = {kind: _page(uow, kind, some, systems) for kind, some in found.items()}
    return layout.page(
        "orders",
        refused=shown["refused"],
        unclaimed=shown["unclaimed"],
        is_owner=signed().desk.owns,
        days=CLAIMED_WITHIN.days,
        spaced=spaced_number,
        problem=_why_still(),
        done=forms.done_line("owner.orders.done"),
        new_key=forms.new_key,
    )


@pages.post("/orders/again", endpoint="order_again")
@manager_page
def again() -> ResponseReturnValue:
    name = OrderName(forms.field("system", 40), forms.field("order", 100))
    with forms.form_work() as work:
        outcome = try_again(work, name)
    return forms.back_to("owner.orders", outcome.refused, "again")


def _asked(kind: WaitKind) -> OrdersAsked:
    desk = signed().desk
    store = None if desk.everywhere else desk.store
    return OrdersAsked(store, _place_of_address(kind), PAGE + 1)


def _place_of_address(kind: WaitKind) -> OrderPlace | None:
    """Where the page before ended; None for the first, and for what is no place."""
    given = [request.args.get(name, "") for name in (kind, "system", "order")]
    at = instant(given[0])
    return OrderPlace(at, OrderName(given[1], given[2])) if at else None


def _page(
    uow: UnitOfWork, kind: str, found: Sequence[WaitingOrder], systems: dict[str, str]
) -> OrderPage:
    some = found[:PAGE]
    cards = _cards(uow, some)
    older = None
    if len(found) > PAGE:
        last = some[-1].place
        place: dict[str, Any] = {kind: last.told_at.isoformat()}
        place |= {"system": last.name.system, "order": last.name.order_id}
        older = url_for("owner.orders", **place)
    lines = tuple(_line(each, systems, cards) for each in some)
    return OrderPage(lines, older, kind not in request.args)


def _cards(uow: UnitOfWork, some: Sequence[WaitingOrder]) -> dict[int, tuple[str, str]]:
    """Of those whose orders they are: the number of the card that counts now, and their name."""
    whose = {each.order.buyer_id for each in some if each.order.buyer_id is not None}
    if not whose:
        return {}
    known = {each.id: each for each in members.many(uow, sorted(whose))}
    now = {
        each: members.keeper(uow, each) if known[each].merged_into else each
        for each in whose & known.keys()
    }
    known |= {each.id: each for each in members.many(uow, sorted({*now.values()} - known.keys()))}
    called = member_lists.listed(uow, sorted({*now.values()}), ladder=False)
    return {
        each: (known[keeper].number, formal(called[keeper].name, language()))
        for each, keeper in now.items()
        if keeper in called
    }


def _line(
    each: WaitingOrder, systems: dict[str, str], cards: dict[int, tuple[str, str]]
) -> StuckOrder:
    order, shop, lang = each.order, current_programme().shop, language()
    told = order.known.order
    card, called = cards.get(order.buyer_id or 0, ("", ""))
    why, then = _reason(order.refused) if order.refused else ("", "")
    # As it counts: what says to be sold later than now is sold now.
    sold_at = min(told.sold_at, current_club().now()) if told else None
    return StuckOrder(
        order.name,
        number=(told.number or told.id) if told else order.name.order_id,
        system=systems.get(order.name.system, order.name.system.capitalize()),
        store=store_name(order.store) if order.store else "",
        sold=show(lang, shop.local(sold_at)) if sold_at else "",
        yen=sum(line.yen for line in told.lines) if told else 0,
        card=card,
        called=called,
        why=why,
        then=then,
        again=order.refused is not None and order.refused not in _HOPELESS,
        slip=order.slip or "",
        until=show(lang, shop.local(each.until - each.until.resolution).date())
        if each.until
        else "",
    )


def _reason(code: str) -> tuple[str, str]:
    """Why it waits, and what to do."""
    if code in ORDER_REASONS:
        return words(f"owner.orders.reason.{code}.why"), words(f"owner.orders.reason.{code}.then")
    no = refusal_here(code)
    return no.why, no.then


def _why_still() -> str:
    """Why the try came to nothing, as the address says it."""
    code = request.args.get("no", "")
    if code in ORDER_REASONS:
        return words("owner.orders.still", why=words(f"owner.orders.reason.{code}.why"))
    return forms.problem_line()


def _systems(uow: UnitOfWork) -> dict[str, str]:
    """What the owner calls the systems that have or had a key, by how orders name them."""
    kept = sorted(api_keys.newest(uow, limit=_KEYS_MAX), key=lambda key: key.id)
    return {f"api:{key.client}": key.name for key in kept}
