"""A good customer who stays away is telephoned first, and asked then."""

from dataclasses import replace

from rules.journeys.calls import to_call
from rules.journeys.member import Background, DueMessage, NotDue
from tests.rules.builders import DAY, JOINED
from tests.rules.journeys.people import CLUB, ask, drifting, due_to, later, why_not


def test_a_good_customer_who_stays_away_is_first_called_and_then_asked() -> None:
    person = due_to("ask_why", CLUB)
    calling = later(replace(person, day=JOINED + DAY * 81), CLUB, 0)
    assert why_not(CLUB, "ask_why", calling) == "call_first"
    assert to_call(calling.of(CLUB), "1")
    called = Background(called_on=calling.day)
    assert not to_call(replace(calling, background=called).of(CLUB), "1")
    assert not to_call(person.of(CLUB), "1")
    assert why_not(CLUB, "ask_why", replace(person, background=called)) == "called"


def test_a_call_about_an_earlier_absence_counts_for_nothing() -> None:
    known = Background(called_on=JOINED)
    assert isinstance(
        ask(CLUB, "ask_why", replace(due_to("ask_why", CLUB), background=known)), DueMessage
    )


def test_who_drifts_later_is_neither_called_nor_asked_before() -> None:
    asked = due_to("ask_why", CLUB)
    away_since = asked.facts.away_since
    days_away = (asked.day - away_since).days
    for days, answer in ((0, "came_lately"), (15, "call_first"), (21, "call_first"), (22, None)):
        slow = drifting(later(asked, CLUB, days), days_away + 15)
        found = ask(CLUB, "ask_why", slow)
        assert (found.reason if isinstance(found, NotDue) else None) == answer
        assert to_call(slow.of(CLUB), "1") == (answer == "call_first")
