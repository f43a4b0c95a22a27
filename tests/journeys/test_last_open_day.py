"""Who is asked to come by some day can come on that day."""

from datetime import date

from tests.journeys.test_withheld import publishes
from tests.journeys.town import Customer, Town
from tests.journeys.ways import regular


def comes(shop: Town, who: Customer, *days: date) -> None:
    for day in days:
        shop.skips_to_day(day)
        who.opens(shop.counter_link())


def test_the_day_that_is_named_is_the_last_on_which_the_shop_is_open(shop: Town) -> None:
    publishes(
        shop,
        ("grace_periods = 1", "grace_periods = 0"),
        ("  { on = 2027-12-31", "  { on = 2037-12-30, until = 2038-01-02 },\n  { on = 2027-12-31"),
    )
    sakura = regular(shop)
    comes(shop, sakura, date(2037, 11, 20), date(2037, 11, 21))
    comes(shop, sakura, date(2037, 12, 20), date(2037, 12, 21))
    near = regular(shop)
    comes(shop, near, date(2037, 12, 22))
    shop.skips_to_day(date(2037, 12, 24))
    near.reads()
    shop.travels_to_day(date(2037, 12, 27))
    keeps = "12月29日までにあと1回のご来店で「ブロンズファン」をキープ！"
    assert keeps in sakura.writes("カード")
    assert keeps in sakura.writes("ランク")
    assert "12月29日まで" in near.reads()
