"""A yes or a no to the fan steps: what is undone, merged, left and erased."""

from handlers.actions.members.membership import change_membership, erase
from handlers.actions.profile.fan_steps import FanAnswer, answer_fan_steps
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request, record
from rules.activity import BirthdayTold, FanStepsAnswered, Membership, Occasion, What
from rules.facts import FanLadder
from rules.outlook.fan_ladder import LadderState, ladder_now
from tests.handlers.actions.members.test_counted_once import merges, undoes
from tests.handlers.clubs import SmallClub
from tests.rules.examples import CAFE, LEAST


def says(cafe: SmallClub, member: int, *, yes: bool = True, key: str = "") -> Outcome:
    with cafe.work("member", key=key or cafe.key()) as work:
        return answer_fan_steps(work, FanAnswer(member, yes, work.now))


def does(cafe: SmallClub, member: int, what: What) -> Outcome:
    with cafe.work("member", key=cafe.key()) as work:
        return record(work, Request(member, what, work.now))


def invited(cafe: SmallClub, user: str | None = "U1") -> int:
    """Somebody who came three times, the last of it today."""
    member = cafe.joins(user)
    for n in range(3):
        cafe.visits(member, key=f"scan:{member}:{n}")
        cafe.passes(days=1)
    return member


def state(cafe: SmallClub, member: int) -> LadderState:
    programme = cafe.club.timeline().at(cafe.now).programme
    day = programme.shop.business_date(cafe.now)
    now = ladder_now(programme, cafe.member(member).facts, day)
    assert now is not None
    return now.state


def answers(cafe: SmallClub, member: int) -> list[bool]:
    whats = [each.activity.what for each in cafe.history(member)]
    return [what.accepted for what in whats if isinstance(what, FanStepsAnswered)]


def test_from_the_yes_to_the_badge(cafe: SmallClub) -> None:
    member = invited(cafe)
    assert state(cafe, member) == "invited"
    assert says(cafe, member).done
    assert says(cafe, member).seq == 0, "twice tapped"
    assert answers(cafe, member) == [True]
    does(cafe, member, BirthdayTold(5, 12))
    cafe.visits(member)
    outcome = does(cafe, member, Occasion("event"))
    assert outcome.badges == ("fan",)
    assert (state(cafe, member), cafe.differences(member)) == ("done", [])
    assert says(cafe, member, yes=False).seq == 0, "a fan stays one"


def test_the_same_tap_twice_is_one_and_the_newest_of_two_answers_holds(cafe: SmallClub) -> None:
    member = invited(cafe)
    for _ in range(2):
        assert says(cafe, member, key="line:1").done
    assert says(cafe, member, yes=False).done
    assert state(cafe, member) == "declined"
    assert says(cafe, member).done
    assert state(cafe, member) == "climbing"
    assert answers(cafe, member) == [True, False, True]
    assert cafe.differences(member) == []


def test_before_the_invitation_and_without_fan_steps_it_is_said_why(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    cafe.visits(member)
    assert says(cafe, member).refused == "fan_steps_early"
    member = invited(cafe, "U2")
    cafe.publishes(LEAST)
    assert says(cafe, member).refused == "fan_steps_none"
    assert answers(cafe, member) == []


def test_a_third_visit_undone_takes_the_invitation_back_but_no_yes(cafe: SmallClub) -> None:
    member, other = invited(cafe), invited(cafe, "U2")
    says(cafe, member)
    for each in (member, other):
        cafe.undoes(each, f"scan:{each}:2")
    assert says(cafe, other).refused == "fan_steps_early"
    assert (state(cafe, member), state(cafe, other)) == ("climbing", "early")
    assert cafe.member(member).facts.fan_invited_on is None
    outcomes = [cafe.visits(each) for each in (member, other)]
    assert [each.invited for each in outcomes] == [False, True]
    assert cafe.differences(member, other) == []


def test_an_undone_visit_takes_its_tick_and_the_badge_with_it(cafe: SmallClub) -> None:
    member = invited(cafe)
    says(cafe, member)
    does(cafe, member, BirthdayTold(5, 12))
    does(cafe, member, Occasion("event"))
    assert cafe.visits(member, key="scan:last").badges == ("fan",)
    cafe.undoes(member, "scan:last")
    facts = cafe.member(member).facts
    assert facts.fan is not None
    assert ("fan" in facts.badges, facts.fan.visits, facts.fan.done_on) == (False, 0, None)
    assert cafe.visits(member, key="scan:again").badges == ("fan",)
    assert cafe.differences(member) == []


def test_a_visit_that_comes_late_counts_by_when_it_was(cafe: SmallClub) -> None:
    member = invited(cafe)
    cafe.passes(days=2)
    before = cafe.now
    cafe.passes(days=1)
    says(cafe, member)
    cafe.passes(days=1)
    cafe.visits(member, at=before)
    facts = cafe.member(member).facts
    assert facts.fan == FanLadder(begun_on=facts.fan.begun_on if facts.fan else None)
    assert cafe.differences(member) == []


def test_two_cards_become_one_ladder_and_are_two_again(cafe: SmallClub) -> None:
    paper, line = invited(cafe, None), invited(cafe)
    says(cafe, paper)
    says(cafe, line, yes=False)
    cafe.visits(paper)
    before = [cafe.member(each).facts.fan for each in (line, paper)]
    key = merges(cafe, line, paper)
    fan = cafe.member(line).facts.fan
    assert fan is not None
    assert (fan.climbs, fan.visits) == (True, 1)
    undoes(cafe, line, key)
    assert [cafe.member(each).facts.fan for each in (line, paper)] == before
    assert cafe.differences(line, paper) == []


def test_who_leaves_answers_nothing_and_finds_the_ladder_as_it_was(cafe: SmallClub) -> None:
    member = invited(cafe)
    says(cafe, member)
    changes(cafe, member, "left")
    assert says(cafe, member, yes=False).refused == "left"
    changes(cafe, member, "active")
    assert state(cafe, member) == "climbing"


def test_who_pauses_goes_on_with_it(cafe: SmallClub) -> None:
    member = invited(cafe)
    changes(cafe, member, "paused")
    assert says(cafe, member).done
    assert state(cafe, member) == "climbing"


def test_who_is_erased_answers_nothing(cafe: SmallClub) -> None:
    member = invited(cafe)
    says(cafe, member)
    with cafe.work("member", key=cafe.key()) as work:
        erase(work, member)
    assert says(cafe, member, yes=False).refused in ("erased", "left")
    assert cafe.differences(member) == []


def test_a_step_that_is_taken_out_lets_the_badge_come_with_the_next_visit(cafe: SmallClub) -> None:
    member = invited(cafe)
    says(cafe, member)
    does(cafe, member, BirthdayTold(5, 12))
    assert cafe.visits(member).badges == ()
    asked = 'steps = ["visit", "profile", "event"]'
    assert asked in CAFE
    cafe.publishes(CAFE.replace(asked, 'steps = ["visit", "profile"]'))
    cafe.passes(days=1)
    assert cafe.visits(member).badges == ("fan",)
    assert cafe.differences(member) == []


def changes(cafe: SmallClub, member: int, to: Membership) -> None:
    with cafe.work("staff", key=cafe.key()) as work:
        change_membership(work, member, to, at=work.now)
