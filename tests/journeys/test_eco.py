"""Eco actions of the month: one's own by what they are called, and everybody's."""

from uuid import uuid4

from rules.shop import next_month
from tests.handlers.pages.staff.counters import Counter, of
from tests.journeys.town import Town


def test_the_month_is_told_ones_own_and_everybodys(shop: Town, counter: Counter) -> None:
    sakura, momo = (shop.newcomer(name) for name in ("さくら", "もも"))
    for each in (sakura, momo):
        each.follows()
    assert "今月はまだありません" in sakura.writes("エコ")
    assert "みなさまで" not in sakura.writes("エコ")
    bag, cup = shop.club.timeline().at(shop.club.now()).programme.eco_actions[:2]
    counter.scans(sakura.member, eco=[bag, cup])
    scanned = counter.scans(momo.member, eco=[bag])
    said = sakura.taps("do=eco")
    assert "今月は2回、ありがとうございます（" in said
    assert "みなさまで、今月3回になりました" in said
    # What is undone counts no more, nor does another month.
    number = momo.member.number
    undo = {"action": scanned["action"], "undoId": str(uuid4()), "memberNumber": number}
    assert of(counter.posts("undo", undo))["result"] == "undone"
    assert "みなさまで、今月2回になりました" in momo.writes("マイバッグ")
    shop.skips_to_day(next_month(shop.today()))
    assert "今月はまだありません" in sakura.writes("エコ")
    assert shop.adds_up()
