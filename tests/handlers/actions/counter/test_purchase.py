from datetime import date, timedelta

import pytest

from bot.store.history.claims import KeyReused
from handlers.actions.counter.purchase import purchase
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request
from rules.activity import Purchase
from tests.handlers.clubs import SmallClub


def _buys(
    cafe: SmallClub,
    member: int,
    yen: int = 1_000,
    *,
    number: str | None = None,
    receipt_on: date | None = None,
    key: str | None = None,
    store: str = "ekimae",
) -> Outcome:
    bought = Purchase(yen, receipt_on=receipt_on)
    receipt = Request(member, bought, cafe.now, store, number)
    with cafe.work() as work:
        return purchase(work.acting("staff").under(key or cafe.key()), receipt)


def test_a_purchase_earns_by_its_yen(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(days=1)
    outcome = _buys(cafe, member, 1_099)
    assert outcome.points == 10
    assert outcome.balance == cafe.balance(member) == 60
    assert cafe.differences(member) == []


def test_a_receipt_earns_once_whoever_brings_it(cafe: SmallClub) -> None:
    one, other = cafe.joins(), cafe.joins()
    assert _buys(cafe, one, number="0007").done
    assert _buys(cafe, one, number="0007").refused == "receipt_again"
    assert _buys(cafe, other, number="0007").refused == "receipt_again"
    assert cafe.balance(other) == 50
    assert _buys(cafe, other, number="0007", store="kawabe").done
    cafe.passes(days=1)
    assert _buys(cafe, other, number="0007").done


def test_a_receipt_brought_later_is_the_same_receipt(cafe: SmallClub) -> None:
    one, other = cafe.joins(), cafe.joins()
    today = date(2026, 1, 5)
    assert _buys(cafe, one, number="0007").done
    cafe.passes(days=2)
    assert _buys(cafe, other, number="0007", receipt_on=today).refused == "receipt_again"
    assert _buys(cafe, other, number="0008", receipt_on=today).done
    cafe.passes(days=20)
    assert _buys(cafe, other, number="0009", receipt_on=today).refused == "receipt_too_old"


def test_a_receipt_of_after_midnight_is_of_two_days(cafe: SmallClub) -> None:
    """At 01:30 on the sixth the shop is still in the fifth."""
    one, other = cafe.joins(), cafe.joins()
    fifth, sixth = date(2026, 1, 5), date(2026, 1, 6)
    cafe.passes(hours=13.5)
    assert _buys(cafe, one, number="0233").done
    assert _buys(cafe, one, number="0234", receipt_on=sixth).done
    assert _buys(cafe, other, number="0234").refused == "receipt_again"
    assert _buys(cafe, other, number="0235", receipt_on=sixth + timedelta(days=1)).refused == (
        "receipt_from_future"
    )
    for printed in (fifth, sixth):
        again = _buys(cafe, other, number="0233", receipt_on=printed)
        assert again.refused == "receipt_again"
    cafe.passes(days=1)
    for printed in (fifth, sixth):
        again = _buys(cafe, other, number="0233", receipt_on=printed)
        assert again.refused == "receipt_again"
    assert cafe.differences(one, other) == []


def test_a_tills_number_of_the_next_day_is_another_receipt(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=13.5)
    assert _buys(cafe, member, number="0233", key="till:1").done
    cafe.passes(hours=12)
    assert _buys(cafe, member, number="0233").done
    # Undone, it can be brought again, and only that one.
    assert cafe.undoes(member, "till:1").done
    assert _buys(cafe, member, number="0233").refused == "receipt_again"
    assert _buys(cafe, member, number="0233", receipt_on=date(2026, 1, 5)).done


def test_a_receipt_that_was_refused_may_earn_after_all(cafe: SmallClub) -> None:
    one, other = cafe.joins(), cafe.joins()
    tomorrow = date(2026, 1, 5) + timedelta(days=1)
    refused = _buys(cafe, one, number="0007", receipt_on=tomorrow)
    assert refused.refused == "receipt_from_future"
    cafe.passes(days=1)
    assert _buys(cafe, other, number="0007", receipt_on=tomorrow).done


def test_a_repeat_gives_the_first_outcome_and_other_contents_an_error(cafe: SmallClub) -> None:
    member = cafe.joins()
    first = _buys(cafe, member, key="till:1", number="0007")
    assert _buys(cafe, member, key="till:1", number="0007") == first
    with pytest.raises(KeyReused):
        _buys(cafe, member, 2_000, key="till:1", number="0007")
    with pytest.raises(KeyReused):
        _buys(cafe, member, key="till:1", number="0008")
    assert len(cafe.history(member)) == 2


def test_every_entry_names_the_key_that_the_door_brought(cafe: SmallClub) -> None:
    from sqlalchemy import select

    from bot.store.tables import entries

    member = cafe.joins()
    _buys(cafe, member, key="till:1", number="0007")
    with cafe.store.read() as uow:
        rows = uow.run(select(entries.c.rule, entries.c.key, entries.c.version)).all()
    assert ("purchase", "till:1", 1) in [tuple(row) for row in rows]
