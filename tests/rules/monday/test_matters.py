"""What matters most: three things at the most, by what is at stake."""

from rules.base import LocalText
from rules.monday.matters import CODES_FEW, MOST, Drifting, Matter, Stakes, matters


def codes(stakes: Stakes) -> list[str]:
    return [each.code for each in matters(stakes)]


def test_nothing_matters_where_nothing_is_the_matter() -> None:
    full = LocalText(ja="コーヒー", en="Coffee")
    assert matters(Stakes(drifting=Drifting(40), codes=((full, CODES_FEW),))) == ()


def test_the_three_that_weigh_most_stand_in_their_order() -> None:
    stakes = Stakes(waiting=2, overdue=1, drifting=Drifting(9, new=8), unsent=10, flags=1)
    assert codes(stakes) == ["drifting", "overdue", "flags"]
    assert len(codes(stakes)) == MOST


def test_the_more_it_concerns_the_heavier_it_is() -> None:
    assert codes(Stakes(drifting=Drifting(1, new=1), flags=1)) == ["flags", "drifting"]
    assert codes(Stakes(drifting=Drifting(3, new=3), flags=1)) == ["drifting", "flags"]


def test_a_night_that_failed_stands_first_whatever_else_there_is() -> None:
    assert codes(Stakes(night_is_late=True, drifting=Drifting(10_000, new=10_000)))[0] == "night"


def test_what_is_overdue_is_not_told_twice() -> None:
    assert matters(Stakes(waiting=3, overdue=2)) == (
        Matter("overdue", 500 * (10 * 2 + 3), {"count": 2, "waiting": 3}),
    )
    assert codes(Stakes(waiting=3)) == ["waiting"]


def test_weights_are_in_what_a_visit_earns() -> None:
    [dear] = matters(Stakes(visit_yen=2_000, waiting=1))
    [plain] = matters(Stakes(waiting=1))
    assert dear.weight == 4 * plain.weight


def test_what_the_reader_cannot_see_to_is_not_told() -> None:
    stakes = Stakes(night_is_late=True, flags=1, unsent=100)
    assert [each.code for each in matters(stakes, ["flags"])] == ["flags"]
