"""The steps of a profile: each earns once, the last completes it, whatever comes between."""

from datetime import timedelta

import pytest

from rules.activity import Absorbed, Activity, BirthdayTold, ProfileTold, TakenBack
from rules.base import Refusal
from rules.judging.carried import facts_json
from rules.judging.decide import Decision
from rules.judging.once import once
from rules.judging.replay import RecordedActivity, Replay, replay
from rules.programme.programme import Programme
from tests.rules.builders import (
    DAY,
    JOINED,
    Part,
    bonus,
    campaign,
    club,
    does,
    fixed,
    joins,
    of_day,
    rule,
    text,
    timeline,
)  # fmt: skip

RULES = [
    rule("profile", fixed(50)),
    rule("profile", fixed(10), step="name") | {"id": "name"},
    rule("profile", fixed(30), step="phone") | {"id": "phone"},
]
YEAR = timedelta(days=365)
PHONE, NAME, BORN = ProfileTold("phone"), ProfileTold("name"), BirthdayTold(5, 12)


def step(name: str) -> Part:
    return {"id": name, "purpose": text("お届けのため")}


def asking(*steps: str, **parts: object) -> Programme:
    return club(earning=RULES, profile={"steps": [step(each) for each in steps]}, **parts)


def lived(programme: Programme, *activities: Activity) -> Replay:
    told = [RecordedActivity(n, each) for n, each in enumerate((joins(), *activities))]
    return replay(timeline(programme), told, of_day("12-31"))


def told(*whats: ProfileTold | BirthdayTold) -> list[Activity]:
    return [does(what, JOINED + DAY * n) for n, what in enumerate(whats, 1)]


def points(judged: Replay) -> list[int]:
    decided = [step.outcome for step in judged.steps[1:]]
    return [each.points for each in decided if isinstance(each, Decision)]


def test_each_step_earns_once_and_the_last_completes_the_profile() -> None:
    programme = asking("name", "birthday", "phone")
    assert points(lived(programme, *told(NAME, NAME, BORN, PHONE, PHONE))) == [10, 0, 0, 80, 0]
    assert points(lived(programme, *told(PHONE, BORN, BORN, NAME))) == [30, 0, 0, 60]


def test_what_came_late_is_told_all_the_same_and_pays_what_it_would_have() -> None:
    programme = asking("name", "phone")
    first, second = told(NAME, PHONE)
    assert lived(programme, second, first).facts.balance == 90


def test_where_no_steps_are_asked_the_birthday_alone_completes_it() -> None:
    programme = club(earning=RULES)
    assert points(lived(programme, *told(NAME, BORN, PHONE))) == [10, 50, 30]


def test_a_profile_is_completed_once_whatever_is_asked_later() -> None:
    before, after = asking("name"), asking("name", "phone")
    # The second one is in force from between the two days.
    line = timeline(before, after, since=joins().at + timedelta(days=1, hours=12) - YEAR)
    found = [RecordedActivity(n, each) for n, each in enumerate((joins(), *told(NAME, PHONE)))]
    judged = replay(line, found, of_day("12-31"))
    assert points(judged) == [60, 30]


def test_a_campaign_looks_at_the_whole_profile_and_not_at_its_steps() -> None:
    double = campaign(bonus(7), on=["profile"])
    judged = lived(asking("name", "phone", campaigns=[double]), *told(NAME, PHONE))
    assert points(judged) == [10, 87]


def test_a_step_taken_back_is_told_but_earns_nothing_and_completes_nothing() -> None:
    programme = asking("name", "phone")
    first, last = told(NAME, PHONE)
    back = does(TakenBack(2), JOINED + DAY * 9)
    judged = lived(programme, first, last, back)
    assert judged.facts.balance == 10
    assert judged.facts.counts["told:phone"] == 1
    history = [RecordedActivity(n, each) for n, each in enumerate((joins(), first, last, back))]
    assert once(history) == {"welcome": 0, "profile name": 1}


@pytest.mark.parametrize("theirs", [(PHONE,), (NAME,)])
def test_two_halves_of_a_profile_are_a_whole_one_when_their_cards_are_merged(
    theirs: tuple[ProfileTold, ...],
) -> None:
    programme = asking("name", "phone")
    other = lived(programme, *told(*theirs)).facts
    absorbed = Absorbed(facts_json(other))
    mine = lived(programme, *told(NAME), does(absorbed, JOINED + DAY * 200))
    assert points(mine)[-1] == (50 if theirs == (PHONE,) else 0)
    assert mine.facts.counts["told:name"] == 1
    # Nor is it completed twice.
    again = does(ProfileTold("phone"), JOINED + DAY * 201)
    whole = lived(programme, *told(NAME), does(absorbed, JOINED + DAY * 200), again)
    assert points(whole)[-1] == (0 if theirs == (PHONE,) else 80)
    assert not [each for each in whole.steps if isinstance(each.outcome, Refusal)]
