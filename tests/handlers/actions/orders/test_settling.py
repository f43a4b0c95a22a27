"""An order in a history at which somebody else is, too."""

from threading import Event, Thread

import pytest

from bot.store import UnitOfWork
from bot.store.history import history
from handlers.actions.counter.undo import UndoOutcome
from handlers.actions.orders import settling
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
