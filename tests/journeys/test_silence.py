"""Somebody who stops coming: what they are sent, day by day, and how they are received again."""

from datetime import date, timedelta

from tests.handlers.pages.staff.counters import Counter
from tests.journeys.town import Town

WARNED, MISSED, LOST = "来月も続けるには", "おかえりなさいの焼き菓子", "ランクが変わりました"


def test_who_stays_away_is_left_days_in_peace_and_greeted_as_back(
    shop: Town, counter: Counter
) -> None:
    sakura = shop.newcomer()
    sakura.follows()
    # Bronze by the end of November: all of it falls due within a week of late January.
    shop.skips_to_day(date(2037, 11, 26))
    for _ in range(3):
        sakura.opens(shop.counter_link())
        shop.skips(days=1)
    shop.skips_to_day(date(2038, 1, 24))
    shop.travels(days=0.1)
    sakura.reads()

    sent: dict[str, date] = {}
    for _ in range(12):
        shop.travels(days=1)
        said = sakura.reads().text
        sent |= {what: shop.today() for what in (WARNED, MISSED, LOST) if what in said}
    assert set(sent) == {WARNED, MISSED, LOST}
    apart = (sent[MISSED] - sent[WARNED], sent[LOST] - sent[MISSED])
    assert apart == (timedelta(days=5), timedelta(days=5))
    rank = sakura.writes("ランク")
    assert ("これまでのご来店 3回" in rank, "ランクはこれから" in rank) == (True, False)

    assert counter.scans(sakura.member)["result"] == "checked_in"
    today = counter.browser.get("/staff/today").text
    assert ("ブロンズファンが復活" in today, "ブロンズファンに昇格" in today) == (True, False)
    shop.travels(days=1)
    told = sakura.reads()
    assert ("ブロンズファンが復活しました" in told, "昇格！" in told) == (True, False)
    assert shop.adds_up()
