"""The fan steps: what counts on the ladder, and what a yes and a no do to it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from rules.activity import Absorbed, Activity, BirthdayTold, FanStepsAnswered, Occasion
from rules.explaining.fan_words import fan_line, fan_view
from rules.facts import FanLadder, newcomer
from rules.judging.carried import facts_json
from rules.judging.decide import Decision
from rules.outlook.fan_ladder import ladder_now
from rules.profile.fan_steps import FanSteps, answer, together
from rules.wording.words import Words
from tests.rules.builders import DAY, JOINED, Life, at, badge, club, does, text, timeline, visits

ON = JOINED + 9 * DAY


def ladder(*steps: str, visits: int = 1) -> dict[str, Any]:
    asked = {"steps": steps} if steps else {}
    return {"visits_in_month": 3, "message": text("ファンに"), "visits": visits, **asked}


def climber(*steps: str, visits: int = 1, came: int = 3) -> Life:
    """Somebody who came so often and said yes on the last of these days."""
    badges = [badge({"kind": "fan_steps"}, id="fan")]
    life = Life(club(fan_steps=ladder(*steps, visits=visits), badges=badges))
    life.comes(*(JOINED + n * DAY for n in range(came)))
    life.does(says(JOINED + (came - 1) * DAY))
    return life


def says(day: date, *, yes: bool = True) -> Activity:
    return does(FanStepsAnswered(yes), day, 19)


def born(day: date = ON) -> Activity:
    return does(BirthdayTold(5, 12), day)


def event(day: date = ON) -> Activity:
    return does(Occasion("event"), day)


def test_the_ladder_is_climbed_by_visits_after_the_yes_and_the_last_step_earns_the_badge() -> None:
    life = climber("visit", "profile", "event", visits=2)
    assert life.comes(ON).badges == ()
    assert life.does(born()).badges == ()
    assert life.comes(ON + DAY).badges == ()
    assert life.does(event(ON + DAY)).badges == ("fan",)
    assert life.facts.fan == FanLadder(JOINED + 2 * DAY, None, 2, ON + DAY)
    assert life.comes(ON + 2 * DAY).badges == ()
    assert life.facts.fan is not None
    assert life.facts.fan.visits == 2, "who is done climbs no further"


def test_what_was_done_before_counts_but_for_visits() -> None:
    life = Life(club(fan_steps=ladder(), badges=[badge({"kind": "fan_steps"}, id="fan")]))
    life.does(born(JOINED))
    life.comes(*(JOINED + n * DAY for n in range(5)))
    life.does(says(JOINED + 5 * DAY))
    assert life.facts.badges == {}
    assert life.comes(ON).badges == ("fan",)


def test_who_has_done_all_of_it_already_is_a_fan_with_the_yes() -> None:
    life = Life(club(fan_steps=ladder("profile"), badges=[badge({"kind": "fan_steps"}, id="fan")]))
    life.does(born(JOINED))
    assert life.does(says(ON)).badges == ("fan",)


def test_without_a_yes_nothing_is_climbed() -> None:
    life = Life(club(fan_steps=ladder(), badges=[badge({"kind": "fan_steps"}, id="fan")]))
    life.does(born(JOINED))
    life.comes(*(JOINED + n * DAY for n in range(5)))
    life.does(says(JOINED + 5 * DAY, yes=False))
    life.comes(ON)
    assert life.facts.badges == {}
    life.does(says(ON))
    assert life.facts.badges == {}, "what was before it counts for none"
    assert life.comes(ON + DAY).badges == ("fan",)


def test_a_no_stops_it_and_a_yes_goes_on_where_they_were() -> None:
    life = climber("visit", "profile", visits=2)
    life.comes(JOINED + 3 * DAY)
    life.does(says(JOINED + 3 * DAY, yes=False))
    life.comes(JOINED + 4 * DAY)
    life.does(says(JOINED + 5 * DAY))
    assert life.facts.fan == FanLadder(JOINED + 2 * DAY, None, 1, None)
    life.does(born())
    assert life.comes(ON).badges == ("fan",)


@pytest.mark.parametrize("yes", [True, False])
def test_the_same_said_twice_is_said_once(yes: bool) -> None:
    once = answer(newcomer(JOINED, at(JOINED)), JOINED, accepted=yes)
    assert answer(once, ON, accepted=yes) == once


def test_who_is_done_stays_so_whatever_is_said_then() -> None:
    life = climber("visit")
    life.comes(ON)
    done = life.facts.fan
    life.does(says(ON, yes=False), says(ON + DAY))
    assert life.facts.fan == done


def test_who_answered_is_not_invited_again() -> None:
    life = Life(club(fan_steps=ladder()))
    life.does(says(JOINED, yes=False))
    assert not life.does(*(visits(JOINED + n * DAY) for n in range(4))).invited
    assert life.facts.fan_invited_on is None


def test_a_programme_that_asks_less_gives_the_badge_with_the_next_thing_done() -> None:
    badges = [badge({"kind": "fan_steps"}, id="fan")]
    more = club(fan_steps=ladder("visit", "event"), badges=badges)
    less = club(fan_steps=ladder("visit"), badges=badges)
    life = Life(timeline(more, less, since=at(ON) - DAY * 365))
    life.comes(*(JOINED + n * DAY for n in range(3)))
    life.does(says(JOINED + 2 * DAY))
    life.comes(JOINED + 3 * DAY)
    assert life.facts.badges == {}
    life.until(ON + DAY)
    now = ladder_now(less, life.facts, ON + DAY)
    assert now is not None
    assert (now.state, now.left) == ("climbing", ())
    assert "つぎのご来店で" in fan_line(Words(less, "ja"), life.facts, ON + DAY)
    assert life.comes(ON + DAY).badges == ("fan",)


def test_two_cards_have_what_either_had_and_visits_together() -> None:
    keep, other = climber("visit", "profile", visits=3), climber("visit", "profile", visits=3)
    keep.comes(JOINED + 3 * DAY)
    other.comes(JOINED + 4 * DAY, JOINED + 5 * DAY)
    other.does(born(JOINED + 5 * DAY))
    theirs = Absorbed(facts_json(other.until(ON)), ())
    merged = keep.does(does(theirs, ON, 20, by="staff"))
    assert isinstance(merged, Decision)
    assert merged.badges == ("fan",)


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        (FanLadder(None, ON), FanLadder(JOINED, None, 2), FanLadder(JOINED, None, 2)),
        (FanLadder(None, ON), FanLadder(JOINED, JOINED + DAY, 2), FanLadder(JOINED, ON, 2)),
        (FanLadder(ON, None, 1), FanLadder(JOINED, None, 2, ON), FanLadder(JOINED, None, 3, ON)),
        (FanLadder(None, ON), FanLadder(JOINED, None, 2, ON), FanLadder(JOINED, None, 2, ON)),
    ],
)
def test_of_two_answers_the_yes_holds(mine: FanLadder, theirs: FanLadder, both: FanLadder) -> None:
    assert together(mine, theirs) == together(theirs, mine) == both


def test_a_ladder_names_each_step_once() -> None:
    assert FanSteps.model_validate(ladder()).steps == ("visit", "profile")
    for steps in ((), ("visit", "visit"), ("sleep",)):
        with pytest.raises(ValidationError):
            FanSteps.model_validate({**ladder(), "steps": steps})


@pytest.mark.parametrize(
    ("answered", "came", "state", "lead"),
    [
        (None, 1, "early", "今月はあと2回です"),
        (None, 3, "invited", "ご自由にどうぞ"),
        (True, 3, "climbing", "あと2つです"),
        (False, 3, "declined", "いつでも始められます"),
    ],
)
def test_it_is_said_how_it_stands(answered: bool | None, came: int, state: str, lead: str) -> None:
    life = Life(club(fan_steps=ladder(visits=2)))
    life.comes(*(JOINED + n * DAY for n in range(came)))
    if answered is not None:
        life.does(says(JOINED + came * DAY, yes=answered))
    view = fan_view(Words(life.timeline.latest.programme, "ja"), life.facts, JOINED + came * DAY)
    assert view is not None
    assert view.state == state
    assert lead in view.lead
    assert [step.mark for step in view.steps] == ["0/2回", "これから"]


def test_a_club_without_fan_steps_says_nothing_of_them() -> None:
    life = Life(club())
    assert fan_view(Words(club(), "ja"), life.facts, ON) is None
    assert fan_line(Words(club(), "ja"), life.facts, ON) == ""
    assert replace(life.facts, fan=FanLadder(ON)).fan is not None
