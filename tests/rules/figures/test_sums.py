"""What one person adds to the sums of days."""

from collections import Counter
from datetime import date, timedelta

from rules.figures.life import Happened, Kind, Life, packed, unpacked
from rules.figures.sums import ALL, Key, marks, sums

DAY = timedelta(days=1)
FIRST = date(2026, 1, 5)


def did(kind: Kind, days: int, store: str = "", rank: str = "-", amount: int = 1) -> Happened:
    return Happened(kind, FIRST + days * DAY, store, rank, amount)


def of(found: Counter[Key], figure: str, store: str = ALL, rank: str = ALL) -> dict[int, int]:
    """By days after the first."""
    return {
        key.day - FIRST.toordinal(): value
        for key, value in found.items()
        if (key.figure, key.store, key.rank) == (figure, store, rank)
    }


def test_a_visit_counts_of_its_store_and_rank_and_of_all() -> None:
    found = sums((did("visit", 0, "ekimae", "gold"),))
    for store in (ALL, "ekimae"):
        for rank in (ALL, "gold"):
            assert of(found, "visits", store, rank) == {0: 1}
    assert of(found, "visits", "kawabe") == {}


def test_who_came_counts_for_four_weeks_once_however_often() -> None:
    found = sums((did("visit", 0), did("visit", 10), did("visit", 60)))
    assert of(found, "came_28") == {0: 1, 38: -1, 60: 1, 88: -1}
    # Just when it ends it goes on.
    assert of(sums((did("visit", 0), did("visit", 28))), "came_28") == {0: 1, 56: -1}


def test_the_second_day_is_the_next_other_one_and_belongs_to_the_first_within_sixty_days() -> None:
    visits = (did("visit", 0, "a"), did("visit", 0, "b"), did("visit", 60, "b"))
    found = sums(visits)
    assert of(found, "first") == of(found, "first", "a") == {0: 1}
    assert of(found, "second") == of(found, "second", "b") == {60: 1}
    assert of(found, "first_back") == {0: 1}
    assert of(sums((did("visit", 0), did("visit", 61))), "first_back") == {}


def test_who_left_had_been_quiet_if_the_year_before_has_no_visit() -> None:
    for days, is_quiet in ((365, False), (366, True)):
        found = sums((did("joined", 0), did("visit", 0, "a"), did("left", days)))
        assert of(found, "left", "a") == {days: 1}
        assert of(found, "left_quiet") == ({days: 1} if is_quiet else {})
        assert of(found, "left_days") == {days: days}


def test_a_member_moves_between_ranks_and_is_none_while_they_are_gone() -> None:
    life = (
        did("joined", 0), did("rank", 3, rank="gold"), did("left", 5), did("left", 6),
        did("back", 8),
    )  # fmt: skip
    found = sums(life)
    assert of(found, "members") == {0: 1, 5: -1, 8: 1}
    assert of(found, "members", rank="-") == {0: 1, 3: -1}
    assert of(found, "members", rank="gold") == {3: 1, 5: -1, 8: 1}
    assert of(found, "left") == {5: 1}


def test_points_of_who_was_erased_are_owed_no_more() -> None:
    life = (did("held", 0, amount=50), did("held", 2, amount=-20), did("erased", 9, amount=0))
    assert of(sums(life), "outstanding") == {0: 50, 2: -20, 9: -30}


def test_a_life_is_kept_as_it_is() -> None:
    life: Life = (did("joined", 0), did("visit", 3, "駅前", "gold", 2))
    assert unpacked(packed(life)) == life


def test_a_figure_marks_the_last_day_at_each_store_and_nobody_who_was_erased() -> None:
    life = (did("visit", 0, "a", "gold"), did("visit", 4, "b", "-"), did("given", 4, amount=-3))
    found = marks(life)
    assert found["visits", "a"].day == FIRST
    assert found["visits", ALL] == (FIRST + 4 * DAY, "-", 0)
    assert ("given", ALL) not in found
    assert marks((*life, did("erased", 9, amount=0))) == {}
