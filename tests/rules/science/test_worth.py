"""What a message has to bring."""

from math import isclose

from rules.science.worth import break_even, yen_per_visitor


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


def test_one_more_visitor_costs_the_less_the_more_come() -> None:
    found = yen_per_visitor(3, about=10, low=5, high=20)
    assert (found.low, found.about, found.high) == (15, 30, 60)


def test_where_messages_may_bring_nobody_there_is_no_end_to_what_one_costs() -> None:
    found = yen_per_visitor(3, about=2, low=-4, high=10)
    assert (found.low, found.about, found.high) == (30, 150, None)
    none = yen_per_visitor(3, about=-2, low=-4, high=0)
    assert (none.low, none.about, none.high) == (None, None, None)
