"""What can be an event, and what can't."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.events.event import (
    EVENT_KINDS,
    LAST_MINUTES,
    PLACES_MAX,
    ShopEvent,
    Sitting,
    may_move_up,
)

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
SAID: dict[str, Any] = {
    "kind": "tasting", "title": {"ja": "試食会"}, "about": {"ja": "新しい豆を。"},
    "opens_at": NOW, "closes_at": NOW + timedelta(days=9),
}  # fmt: skip


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_each_kind_is_an_event(kind: str) -> None:
    assert ShopEvent.model_validate(SAID | {"kind": kind}).kind == kind


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"closes_at": NOW}, "ends_before"),
        ({"guests": "ranks"}, "event_ranks"),
        ({"offer_hours": 0}, "greater_than_equal"),
        ({"offer_hours": 73}, "less_than_equal"),
        ({"title": {"ja": ""}}, "string_too_short"),
        ({"title": {"ja": "あ" * 61}}, "string_too_long"),
        ({"kind": "party"}, "literal_error"),
        ({"opens_at": NOW.replace(tzinfo=None)}, "timezone_aware"),
    ],
)
def test_what_can_not_be_so_is_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as no:
        ShopEvent.model_validate(SAID | changed)
    assert code in str(no.value.errors())


def test_what_has_no_english_is_called_by_its_japanese_name() -> None:
    event = ShopEvent.model_validate(SAID)
    assert event.title.in_("en") == event.title.in_("ja") == "試食会"


@given(places=st.integers(-5, PLACES_MAX + 5), minutes=st.integers(-90, 90))
def test_a_sitting_has_places_and_an_end_after_its_beginning(places: int, minutes: int) -> None:
    ends = NOW + timedelta(minutes=minutes)
    if minutes > 0 and 1 <= places <= PLACES_MAX:
        sitting = Sitting(1, NOW, ends, places)
        assert may_move_up(sitting, NOW - LAST_MINUTES - timedelta(seconds=1))
        assert not may_move_up(sitting, NOW - LAST_MINUTES)
        return
    with pytest.raises(ValueError, match="no such sitting"):
        Sitting(1, NOW, ends, places)
