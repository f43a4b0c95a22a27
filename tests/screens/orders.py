"""Orders of a web shop and a till that wait for somebody, for docs/owner.md."""

from datetime import timedelta

from bot.store.finding.due_members import everyone
from bot.store.members import members
from handlers.actions.members.membership import change_membership
from handlers.actions.orders.receiving import Seller, receive_order
from handlers.club import Club
from rules.orders.order import Buyer, Order, OrderLine

SHOP, TILL = Seller("shopify", "ekimae"), Seller("square", "kawabe")


def leave_orders(club: Club) -> None:
    """One of a customer who had just left, and three that nobody has claimed yet."""
    _tell(club, SHOP, "1041", 3_240, card=_left(club))
    for hours, seller, number, yen in (
        (1, SHOP, "1042", 4_320), (2, TILL, "K-208", 1_180), (3, SHOP, "1039", 2_560),
    ):  # fmt: skip
        _tell(club, seller, number, yen, hours=hours)


def _left(club: Club) -> str:
    with club.work("member", key="screens:left") as work:
        *_, last = everyone(club.store)
        change_membership(work, last, "left", at=work.now)
        return members.many(work.uow, [last])[0].number


def _tell(
    club: Club, seller: Seller, number: str, yen: int, *, card: str = "", hours: int = 0
) -> None:
    with club.work("api") as work:
        sold_at = work.now - timedelta(hours=hours)
        order = Order(
            id=number, number=f"#{number}", sold_at=sold_at, updated_at=sold_at,
            lines=(OrderLine(item="B-200", yen=yen),), buyer=Buyer(card=card),
        )  # fmt: skip
        receive_order(work, seller, order)
