"""Which points are warned of, and to which day they are kept."""

from dataclasses import replace

from rules.journeys.member import Background
from rules.journeys.message import QueuedWording, view
from rules.programme.points import Lot
from tests.rules.builders import JOINED, Life, gets, of_day
from tests.rules.journeys.people import (
    CLUB,
    Person,
    due_to,
    everything,
    journey_of,
    later,
    why_not,
)


def test_points_in_danger_are_those_of_the_lots_that_go_soonest() -> None:
    life = Life(CLUB)
    life.does(gets(50, JOINED))
    assert why_not(CLUB, "points_expiring", Person(life.facts, JOINED)) == "no_points_expiring"


def test_one_visit_is_asked_for_before_the_first_of_the_points_go() -> None:
    """A gift to somebody who stays away lasts for its own warnings, longer than the rest."""
    stay = {"expiry": {"kind": "inactivity", "months": 6, "warn_days": [60, 14]}}
    club = everything({"kind": "points_expiring"}, points=stay)
    gift = of_day("05-20")
    lots = (Lot(1, 500, 500, JOINED), Lot(2, 200, 200, gift))
    life = Life(club)
    life.comes(JOINED)
    life.does(gets(490, JOINED), gets(200, gift))
    # Nobody was warned yet: all stay for 14 days, the gift for 60 from its own day.
    day, ends = of_day("07-05"), of_day("07-19")
    person = Person(life.until(of_day("07-04")), of_day("07-04"), Background(lots=lots))
    written = QueuedWording(f"{ends}:{day}", "a")
    journey = journey_of(club, "points_expiring")
    both = view(journey, person.of(club), written, name="")
    assert both is not None
    assert "500ポイントの有効期限は7月17日まで、200ポイントは7月18日までです。" in both.body
    assert "7月17日までに一度ご来店いただくと、すべて" in both.body
    alone = replace(person, background=Background(lots=lots[1:]))
    only = view(journey, alone.of(club), written, name="")
    assert only is not None
    assert only.body.startswith("200ポイントの有効期限は7月18日までです。それまでに一度ご来店")
    # Nobody is asked to come on days on which the shop is closed.
    shut = {"closed": [{"on": of_day("07-16"), "until": of_day("07-18")}]}
    closed = everything({"kind": "points_expiring"}, points=stay, shop=shut)
    for who in (person, alone):
        said = view(journey_of(closed, "points_expiring"), who.of(closed), written, name="")
        assert said is not None
        assert "7月18日までです。7月15日までに一度ご来店いただくと" in said.body


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
