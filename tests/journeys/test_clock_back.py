"""Our clock is set back by an hour in the middle of the day, and right again later."""

from datetime import timedelta

from handlers.actions.counter.purchase import purchase
from handlers.actions.recording.record import Request
from handlers.jobs.night import nightly
from rules.activity import Purchase
from tests.handlers.clubs import SmallClub, club_on


def sets(cafe: SmallClub, hours: int) -> None:
    cafe.clock.set(cafe.clock.now() + timedelta(hours=hours))


def test_what_happens_meanwhile_counts_and_adds_up_and_no_night_is_done_twice(
    database_url: str,
) -> None:
    with club_on(database_url) as cafe:
        regular = cafe.joins()
        cafe.visits(regular, key="scan:1")
        assert nightly.run_if_due(cafe.club)
        points = cafe.balance(regular)

        sets(cafe, -1)
        other = cafe.joins()
        cafe.visits(other, key="scan:2")
        with cafe.work("staff", key="scan:3") as work:
            bought = Request(regular, Purchase(1_000), work.now, "ekimae")
            assert purchase(work, bought).points > 0
        assert not nightly.run_if_due(cafe.club)
        assert cafe.balance(regular) > points
        assert cafe.differences(regular, other) == []

        sets(cafe, 1)
        # What was scanned before is known still: it is done once, whichever clock it came by.
        assert cafe.undoes(regular, "scan:3").done
        assert cafe.balance(regular) == points
        assert not nightly.run_if_due(cafe.club)
        cafe.passes(days=1)
        cafe.visits(regular, key="scan:4")
        assert nightly.run_if_due(cafe.club)
        assert cafe.differences(regular, other) == []
