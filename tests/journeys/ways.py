"""Ways through the house that are gone most often, each as a thing to do and to count."""

from collections.abc import Callable
from datetime import UTC, datetime

from tests.handlers.chat.handling import handle_next
from tests.handlers.pages.staff.counters import Counter, of
from tests.journeys.counting import Counting, counting
from tests.journeys.town import Customer, Town

Way = Callable[[], object]


def regular(shop: Town) -> Customer:
    """Somebody on LINE who has come once."""
    customer = shop.newcomer()
    customer.follows()
    customer.opens(shop.counter_link())
    return customer


def scan(counter: Counter, who: Customer, **more: object) -> Way:
    """Staff scan a card, as their page does."""
    wall = datetime.now(UTC).isoformat()
    asked = counter.scan_of(who.member, at=wall, sentAt=wall, **more)

    def scans() -> None:
        answer = counter.posts("scan", asked)
        assert answer.status_code == 200
        assert of(answer)["result"] == "checked_in"

    return scans


def message(shop: Town, who: Customer, text: str) -> Way:
    """Somebody writes into the chat: from LINE's webhook to the closing of the event."""

    def writes() -> None:
        shop.simulator.customers.write(who.user_id, text)
        assert handle_next(shop.club, 1) == 1

    return writes


def counted(shop: Town, way: Way) -> Counting:
    """What the way costs."""
    # The programme is looked after every few seconds: not just now.
    shop.club.programmes.forget()
    shop.club.timeline()
    with counting(shop.club.store) as counts:
        way()
    return counts
