"""What is recorded along with a scan."""

from handlers.actions.counter.extras import Extras
from rules.activity import Purchase, Visitors
from tests.handlers.actions.counters import card_of, scans
from tests.handlers.clubs import SmallClub


def test_everything_of_one_scan_is_recorded_under_one_key(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(days=1)
    extras = Extras(Purchase(1_200), "0007", visitors=3, eco=("own_bag",))
    scanned = scans(cafe, card_of(cafe, member), extras=extras)
    assert [added.kind for added in scanned.added] == ["purchase", "visitors", "eco"]
    assert scanned.added[0].outcome.points == 12
    assert Visitors(3) in [recorded.activity.what for recorded in cafe.history(member)]
    assert cafe.differences(member) == []


def test_what_the_programme_does_not_have_is_refused_by_itself(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    extras = Extras(eco=("nonsense", "own_cup"), confirm=("feedback",))
    scanned = scans(cafe, card_of(cafe, member), extras=extras)
    refused = [added.outcome.refused for added in scanned.added]
    assert refused == ["eco_unknown", None, "not_confirmable"]
    assert scanned.result == "checked_in"
