"""A good customer who stays away is telephoned first, and asked then."""

from dataclasses import replace

from rules.journeys.calls import to_call
from rules.journeys.member import Background, DueLater, DueMessage, NotDue
from rules.journeys.programme import journey_named
from tests.rules.builders import DAY, JOINED
from tests.rules.journeys.people import CLUB, ask, drifting, due_to, later, why_not


def test_a_good_customer_who_stays_away_is_drawn_then_called_and_then_asked() -> None:
    person = due_to("ask_why", CLUB)
    calling = later(replace(person, day=JOINED + DAY * 81), CLUB, 0)
    early = later(replace(person, day=JOINED + DAY * 80), CLUB, 0)
    assert why_not(CLUB, "ask_why", early) == "came_lately"
    assert to_call(calling.of(CLUB), "1")
    queued = ask(CLUB, "ask_why", calling)
    assert isinstance(queued, DueMessage)
    assert queued.not_before == CLUB.shop.opens(person.day)
    assert not to_call(person.of(CLUB), "1")
    journey = journey_named(CLUB, "ask_why")
    assert journey is not None
    assert journey.still_due(calling.of(CLUB), queued.period) is None
    wait = journey.due_later(calling.of(CLUB), queued.period)
    assert wait == DueLater(queued.not_before, queued.useful_until)
    asked = journey.still_due(person.of(CLUB), queued.period)
    assert asked is not None
    assert asked.useful_until == queued.useful_until


def test_whom_staff_reached_is_not_asked_and_is_drawn_all_the_same() -> None:
    person = due_to("ask_why", CLUB)
    calling = later(replace(person, day=JOINED + DAY * 81), CLUB, 0)
    called = Background(called_on=calling.day)
    assert not to_call(replace(calling, background=called).of(CLUB), "1")
    # The night's work may come after the call.
    queued = ask(CLUB, "ask_why", replace(person, background=called))
    assert isinstance(queued, DueMessage)
    journey = journey_named(CLUB, "ask_why")
    assert journey is not None
    for day in (calling, person):
        reached = replace(day, background=called).of(CLUB)
        assert journey.still_due(reached, queued.period) is None
        assert journey.due_later(reached, queued.period) is None
    # Before anything is drawn, whoever was called is of no test.
    before = Background(called_on=calling.day - DAY)
    assert why_not(CLUB, "ask_why", replace(calling, background=before)) == "called"


def test_a_call_about_an_earlier_absence_counts_for_nothing() -> None:
    known = Background(called_on=JOINED)
    assert isinstance(
        ask(CLUB, "ask_why", replace(due_to("ask_why", CLUB), background=known)), DueMessage
    )


def test_who_drifts_later_is_neither_called_nor_asked_before() -> None:
    asked = due_to("ask_why", CLUB)
    away_since = asked.facts.away_since
    days_away = (asked.day - away_since).days
    for days, answer in ((14, "came_lately"), (15, None), (21, None), (22, None)):
        slow = drifting(later(asked, CLUB, days), days_away + 15)
        found = ask(CLUB, "ask_why", slow)
        assert (found.reason if isinstance(found, NotDue) else None) == answer
        assert to_call(slow.of(CLUB), "1") == (days in (15, 21))
