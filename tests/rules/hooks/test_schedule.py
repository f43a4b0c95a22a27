"""When an event is tried again."""

from datetime import timedelta

import pytest

from rules.hooks.schedule import REST_MAX, TRIES_MAX, WAITS, rest, wait_after


def test_ten_tries_over_three_days() -> None:
    """5 s, 5 min, 30 min, then 2, 5, 10, 14, 20 and 24 hours: 75 h 35 min 5 s."""
    assert TRIES_MAX == 10
    assert sum(WAITS, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    assert [wait_after(tries, 0.0) for tries in range(1, 10)] == list(WAITS)
    assert wait_after(10, 0.0) is None


def test_what_failed_together_does_not_come_back_together() -> None:
    assert wait_after(2, 1.0) == timedelta(minutes=6)
    assert wait_after(2, 0.5) == timedelta(minutes=5, seconds=30)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (None, None), (0, None), (-5, None), (90, timedelta(seconds=90)), (1e300, REST_MAX),
        (float("inf"), REST_MAX),
    ],
)  # fmt: skip
def test_a_receiver_is_left_alone_for_as_long_as_it_asks_within_reason(
    asked: float | None, given: timedelta | None
) -> None:
    assert rest(asked) == given
