"""What comes late may bring what only later steps earn."""

from rules.activity import Activity
from rules.judging.late import LateGains, gains
from rules.judging.replay import RecordedActivity, replay
from tests.rules.builders import DAY, JOINED, badge, club, joins, ladder, reward, timeline, visits

FREE = reward(cost=None, given={"kind": "nth_visit", "every": 2}, valid_days=60)
LINE = timeline(
    club(ranks=ladder(2, 3), rewards=[FREE], badges=[badge({"kind": "visits", "count": 3})])
)
END = JOINED + 20 * DAY


def gained(*days: int, late: int) -> LateGains:
    """What somebody who visited on those days has by one more visit that comes late."""
    known = [joins(), *(visits(JOINED + n * DAY) for n in days)]
    before, after = (
        replay(LINE, _recorded(history), END)
        for history in (known, [*known, visits(JOINED + late * DAY)])
    )
    return gains(LINE.latest.programme.ranks, before.facts, before.rank_changes, after)


def _recorded(history: list[Activity]) -> list[RecordedActivity]:
    return [RecordedActivity(seq, activity) for seq, activity in enumerate(history, 1)]


def test_what_the_later_visits_come_to_with_it_is_gained() -> None:
    new = gained(10, late=5)
    [step], [voucher] = new.rank_changes, new.vouchers
    assert (step.after, step.on, step.reason) == ("r1", JOINED + 10 * DAY, "reached")
    assert voucher.given_on == JOINED + 10 * DAY
    assert gained(10, 12, late=5).badges == ("badge",)


def test_what_there_was_and_only_moves_is_no_gain() -> None:
    new = gained(10, 12, late=5)
    assert new.vouchers == ()
    assert [step.after for step in new.rank_changes] == ["r2"]
    assert gained(10, 11, 12, late=5).rank_changes == ()
