"""Whom staff telephone."""

from dataclasses import replace
from datetime import UTC, datetime

from rules.journeys.arms import arm_of, is_held_back
from rules.journeys.calls import to_call
from rules.journeys.deciding import JourneyDecision
from rules.journeys.kinds.ask_why import AskWhy
from rules.journeys.member import DueMessage
from rules.journeys.programme import journey_named
from tests.rules.builders import DAY, JOINED
from tests.rules.journeys.people import ask, due_to, later, only

ENDED = JourneyDecision("ask_why", 1, 1, datetime(2026, 3, 1, tzinfo=UTC), "decided", "owner")


def test_who_is_held_back_is_not_called_either_and_all_others_are() -> None:
    club = only("ask_why", holdout=0.5)
    journey = journey_named(club, "ask_why")
    assert journey is not None
    calling = later(replace(due_to("ask_why", club), day=JOINED + DAY * 81), club, 0)
    salts = [str(n) for n in range(40)]
    called = [salt for salt in salts if to_call(calling.of(club), salt)]
    # Written of the same absence afterwards, they fall on the same side.
    written = ask(club, "ask_why", due_to("ask_why", club))
    assert isinstance(written, DueMessage)
    sides = {salt: is_held_back(journey, salt, written.period, 0.5) for salt in salts}
    assert called == [salt for salt in salts if not sides[salt]]
    assert 5 < len(called) < 35


def test_who_is_drawn_to_a_version_for_others_is_not_called() -> None:
    arms = [{"id": "all"}, {"id": "others", "visits_max": 3}]
    club = only("ask_why", holdout=0, arms=arms)
    calling = later(replace(due_to("ask_why", club), day=JOINED + DAY * 81), club, 0).of(club)
    journey = journey_named(club, "ask_why")
    assert isinstance(journey, AskWhy)
    salts = [str(n) for n in range(40)]
    called = [salt for salt in salts if to_call(calling, salt)]
    period = journey.period_of(calling)
    assert called == [salt for salt in salts if arm_of(journey, salt, period) == "all"]
    assert 5 < len(called) < 35
    # Rolled out, that version goes to nobody like them.
    rolled_out = replace(ENDED, step="rolled_out", arm="others")
    assert not any(to_call(calling, salt, {"ask_why": rolled_out}) for salt in salts)


def test_once_the_test_is_ended_fewer_are_held_back_from_a_call_too() -> None:
    club = only("ask_why", holdout=0.5)
    calling = later(replace(due_to("ask_why", club), day=JOINED + DAY * 81), club, 0).of(club)
    salts = [str(n) for n in range(100)]
    before = [salt for salt in salts if to_call(calling, salt)]
    after = [salt for salt in salts if to_call(calling, salt, {"ask_why": ENDED})]
    assert set(before) < set(after)
    assert len(before) < 70 < 80 < len(after) < 100
