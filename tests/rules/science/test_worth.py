"""What a message has to bring."""

from math import isclose

from rules.science.worth import break_even


def test_a_message_pays_when_its_visitors_earn_what_it_and_its_gifts_cost() -> None:
    needed = break_even(message_cost=5, gift_cost=35, margin=800)
    assert needed is not None
    assert isclose(needed, 5)
    assert isclose(needed * 800, 100 * (5 + 35))


def test_what_costs_nothing_needs_nothing() -> None:
    assert break_even(0, 0, 500) == 0


def test_where_a_visit_earns_nothing_no_message_pays() -> None:
    assert break_even(5, 0, 0) is None
    assert break_even(5, 0, -10) is None


def test_what_can_never_be_paid_back_is_said_as_it_is() -> None:
    assert break_even(5, 500, 100) == 505
