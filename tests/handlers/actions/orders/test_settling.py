"""An order in a history at which somebody else is, too."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import Any

import pytest

from bot.store import UnitOfWork
from bot.store.history import history
from bot.store.members import members
from bot.store.orders import orders
from handlers.actions.counter.undo import UndoOutcome
from handlers.actions.members.membership import erase
from handlers.actions.orders import settling
from handlers.actions.orders.receiving import OrderOutcome
from handlers.actions.orders.slips import claim_slip
from tests.handlers.actions.orders.sales import later, order, replace_yen, tells
from tests.handlers.clubs import SmallClub
from tests.waiting import is_held_up, until


def test_staff_who_undo_an_order_while_it_is_told_have_to_wait(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = cafe.joins()
    cafe.passes(days=1)
    before, told = cafe.balance(member), order(cafe, member)
    tells(cafe, told)
    undone, undoing, came = Event(), list[Thread](), list[UndoOutcome]()

    def undoes() -> None:
        came.append(cafe.undoes(member, "orders:shopify:1001"))
        undone.set()

    class AsSoonAsFound:
        """The history, at which staff are as soon as the purchase was found in it."""

        def __getattr__(self, name: str) -> object:
            return getattr(history, name)

        def one(self, uow: UnitOfWork, member_id: int, seq: int) -> object:
            found = history.one(uow, member_id, seq)
            if not undoing:
                undoing.append(Thread(target=undoes))
                undoing[0].start()
                until(lambda: undone.is_set() or is_held_up(cafe.store), "staff at the purchase")
            return found

    monkeypatch.setattr(settling, "history", AsSoonAsFound())
    lines = (replace_yen(told.lines[0], 2_000), told.lines[1])
    outcome = tells(cafe, later(told, lines=lines))
    undoing[0].join()

    assert (outcome.refused, outcome.points) == (None, 20)
    assert [each.refused for each in came] == [None]
    assert cafe.balance(member) == before
    assert cafe.differences(member) == []


@pytest.mark.parametrize("does", ["claims", "is erased"])
def test_a_message_and_its_buyer_do_not_wait_for_each_other_in_a_circle(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    """The chat holds whose turn it is from the first, whatever they go on to do."""
    member = cafe.joins()
    cafe.passes(days=1)
    told = order(cafe, member if does == "is erased" else None)
    slip = tells(cafe, told).slip or ""
    held, hold = Event(), orders.hold

    def holds(*asked: Any, **more: Any) -> Any:
        found = hold(*asked, **more)
        held.set()
        return found

    monkeypatch.setattr(orders, "hold", holds)

    def changes() -> OrderOutcome:
        return tells(cafe, later(order(cafe, member, yen=2_000)))

    with ThreadPoolExecutor(1) as pool:
        with cafe.work("member", key="line:1:it") as work:
            members.lock(work.uow, member)
            telling = pool.submit(changes)
            until(lambda: held.is_set() or is_held_up(cafe.store), "the message at the order")
            if does == "claims":
                assert claim_slip(work, member, slip).done
            else:
                assert erase(work, member).done
        outcome = telling.result()
    assert outcome.refused == ("order_over" if does == "is erased" else None)
    assert outcome.member_id == (None if does == "is erased" else member)
