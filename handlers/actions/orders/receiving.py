"""Orders of tills and web shops: each message is added to what is known, and the history of who
bought it put right by it. Who is unknown gets a slip: its code claims the receipt."""

from dataclasses import dataclass, replace
from datetime import timedelta

from pydantic import TypeAdapter

from bot.phones import e164
from bot.store.history import ledger, slips
from bot.store.history.slips import Slip, SlipWorth
from bot.store.members import members, profiles
from bot.store.orders import orders
from bot.store.orders.orders import OrderName, StoredOrder
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.orders.order import (
    Buyer,
    Order,
    OrderReturn,
    are_too_many,
    known_with,
    known_with_return,
    names_buyer,
)
from rules.orders.wanted import WantedPurchase

from ..counter import scanned_code
from ..members import one_time_codes
from ..recording.idempotency import once_for
from ..recording.log import note
from .settling import key_of, settle, wanted_now

#: So long a buyer has to claim a receipt: until a parcel with the code in it has come, and then
#: some days.
CLAIMED_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Seller:
    """Where an order comes from: the system, by the name that its keys have, and the store whose
    sales it tells."""

    system: str
    store: str


@dataclass(frozen=True, slots=True)
class OrderOutcome:
    """How an order stands after a message of it."""

    #: Whose it is; None: nobody's whom we know.
    member_id: int | None = None
    #: The purchase's number in their history; None where it stands in none.
    seq: int | None = None
    #: Why it couldn't be written down; None where it was, or nothing is to be.
    refused: str | None = None
    #: The code by which it can be claimed, while nobody has it.
    slip: str | None = None
    #: The points that it has brought by now.
    points: int = 0
    #: What the buyer has, wherever the order stands; 0 of nobody.
    balance: int = 0


ORDER_OUTCOME: TypeAdapter[OrderOutcome] = TypeAdapter(OrderOutcome)


def receive_order(work: Work, seller: Seller, order: Order) -> OrderOutcome:
    """Takes an order as it was at a moment. An older message than what is known changes nothing but
    what only it says; the same one again changes nothing."""
    buyer = buyer_of(work, order.buyer)
    held = _hold(work, seller, order.id, buyer)
    if no := _refuse_at(held, seller, order.returns):
        return OrderOutcome(refused=no.code)
    named = buyer if names_buyer(held.known, order) else held.named_id
    known = known_with(held.known, order)
    told = replace(held, store=seller.store, known=known, named_id=named)
    return _settle(work, held, told)


def receive_return(work: Work, seller: Seller, order_id: str, goods: OrderReturn) -> OrderOutcome:
    """Takes a return that is told by itself, be it before the order is known."""
    held = _hold(work, seller, order_id)
    if no := _refuse_at(held, seller, (goods,)):
        return OrderOutcome(refused=no.code)
    return _settle(work, held, replace(held, known=known_with_return(held.known, goods)))


def try_again(work: Work, name: OrderName) -> OrderOutcome:
    """Brings an order that waits into the history of its buyer, if that can be by now, as of when
    it was sold. For somebody of the staff; refused with order_gone where there is none of theirs.
    """

    def act() -> OrderOutcome:
        known = orders.get(work.uow, name)
        if known is None or known.over or not work.staff.may_act_at(known.store):
            return OrderOutcome(refused="order_gone")
        held = _hold(work, Seller(name.system, known.store or ""), name.order_id)
        outcome = _settle(work.acting("api"), held, held)
        note(work, "order_again", member_id=outcome.member_id)
        return outcome

    return once_for(ORDER_OUTCOME, work, f"order again {name!r}", act)


def _hold(work: Work, seller: Seller, order_id: str, buyer: int | None = None) -> StoredOrder:
    """The order, nobody else's until the transaction ends. Members before it, as whoever claims it
    in the chat or is erased has them: so nobody waits in a circle."""
    name = OrderName(seller.system, order_id)
    known = orders.get(work.uow, name)
    theirs = {buyer} if known is None else {buyer, known.member_id, known.buyer_id}
    for each in sorted({members.keeper(work.uow, one) for one in theirs if one is not None}):
        members.lock(work.uow, each)
    return orders.hold(work.uow, name, store=seller.store, at=work.now)


def _refuse_at(
    held: StoredOrder, seller: Seller, returns: tuple[OrderReturn, ...]
) -> Refusal | None:
    """Why nothing is done for it: its buyer was erased, it is another store's of the same name, or
    more came back than one order keeps. Where a return came first, the sale says whose it is."""
    if held.over:
        return Refusal("order_over")
    is_sold = held.known.order is not None
    if is_sold and held.store != seller.store:
        return Refusal("order_elsewhere")
    return Refusal("returns_many") if are_too_many(held.known, returns) else None


def _settle(work: Work, held: StoredOrder, told: StoredOrder) -> OrderOutcome:
    order = settle(work.under(key_of(told.name)), told)
    order = _with_slip(work, order)
    if order != held:
        orders.save(work.uow, order, at=work.now)
    return _outcome(work, order)


def _outcome(work: Work, order: StoredOrder) -> OrderOutcome:
    if order.seq is None or order.member_id is None:
        return OrderOutcome(
            order.buyer_id,
            refused=order.refused,
            slip=order.slip,
            balance=_balance(work, order.buyer_id),
        )
    member = members.lock(work.uow, order.member_id)
    points = ledger.points_by_activity(work.uow, member.id, [order.seq]).get(order.seq, 0)
    return OrderOutcome(
        member.id, order.seq, order.refused, order.slip, points, member.facts.balance
    )


def _balance(work: Work, buyer_id: int | None) -> int:
    """The points of whoever bought it, where the order stands in no history."""
    if buyer_id is None:
        return 0
    return members.lock(work.uow, members.keeper(work.uow, buyer_id)).facts.balance


def buyer_of(work: Work, buyer: Buyer) -> int | None:
    """The member whom that leads to: by the card, else by a telephone that only one has. A mail
    address leads to nobody: members have none here."""
    found = _by_card(work, buyer.card) if buyer.card else None
    if found is None and buyer.phone:
        found = _by_phone(work, buyer.phone)
    return found


def _by_card(work: Work, text: str) -> int | None:
    prefixes = work.timeline.barcode_prefixes
    code = scanned_code.read(work.codes, text, stores=(), now=work.now, prefixes=prefixes)
    number = code.number or (code.live.number if code.live else None)
    found = members.by_code(work.uow, "number", number) if number else None
    return members.keeper(work.uow, found) if found is not None else None


def _by_phone(work: Work, text: str) -> int | None:
    phone = e164(text, work.programme.shop.country)
    holders = {
        members.keeper(work.uow, each) for each in profiles.with_phone(work.uow, phone or "")
    }
    return holders.pop() if len(holders) == 1 else None


def _with_slip(work: Work, order: StoredOrder) -> StoredOrder:
    """With a code to claim it by while it is nobody's, and without one else."""
    want = wanted_now(work, order)
    is_open = order.buyer_id is None and isinstance(want, WantedPurchase) and want.left_yen > 0
    if isinstance(want, Refusal) or want is None or not is_open:
        if order.slip is not None and order.claimed_id is None:
            slips.cancel(work.uow, order.slip, at=work.now)
        return replace(order, slip=order.slip if order.claimed_id else None)
    worth = SlipWorth(visit=False, yen=want.what.total_yen, tax_yen=want.what.tax_yen)
    if order.slip is not None:
        slips.change(work.uow, order.slip, worth)
        return order
    code = one_time_codes.new_code()
    at = min(want.at, work.now)
    slips.add(work.uow, Slip(code, order.store or "", at, worth, at + CLAIMED_WITHIN))
    return replace(order, slip=code)
