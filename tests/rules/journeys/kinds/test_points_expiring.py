"""Which points are warned of, and to which day they are kept."""

from dataclasses import replace

from rules.journeys.member import Background
from rules.journeys.message import QueuedWording, view
from tests.rules.builders import JOINED, Life, gets
from tests.rules.journeys.people import CLUB, Person, due_to, journey_of, later, why_not


def test_points_in_danger_are_those_of_the_lots_that_go_soonest() -> None:
    life = Life(CLUB)
    life.does(gets(50, JOINED))
    assert why_not(CLUB, "points_expiring", Person(life.facts, JOINED)) == "no_points_expiring"


def test_a_warning_that_waited_names_the_day_to_which_points_are_kept_for_it() -> None:
    """It should have gone out seven days before they go, and does five days later."""
    person = due_to("points_expiring", CLUB)
    [lot] = person.background.lots
    told = replace(lot, warned_on=person.day, warned_for=lot.expires_on, warnings=1)
    written = QueuedWording(f"{lot.expires_on}:{person.day}", "a")
    for days, last in ((0, "2月5日"), (5, "2月10日")):
        late = later(replace(person, background=Background(lots=(told,))), CLUB, days)
        message = view(journey_of(CLUB, "points_expiring"), late.of(CLUB), written, name="")
        assert message is not None
        assert f"{last}まで" in message.body
