from datetime import UTC, datetime, timedelta

from bot.clock import Clock


def test_the_clock_tells_wall_time_in_utc() -> None:
    before = datetime.now(UTC)
    now = Clock().now()
    after = datetime.now(UTC)
    assert before <= now <= after
    assert now.utcoffset() == timedelta(0)
    assert Clock().travelled() == timedelta(0)


def test_the_clock_is_ahead_by_its_offset() -> None:
    ahead = timedelta(days=40)
    before = datetime.now(UTC)
    clock = Clock(lambda: ahead)
    now = clock.now()
    assert before + ahead <= now <= datetime.now(UTC) + ahead
    assert clock.travelled() == ahead


def test_a_journey_in_time_takes_effect_at_the_next_reading() -> None:
    offset = timedelta(0)
    clock = Clock(lambda: offset)
    before = clock.now()
    offset = timedelta(days=1)
    assert clock.now() - before >= timedelta(days=1)
