"""What journeys brought, and what of it may be believed."""

from dataclasses import replace
from datetime import UTC, datetime
from math import ceil, inf, log, sqrt

import pytest

from rules.journeys.counts import CountedJourney, SideCounts
from rules.journeys.journey import Journey
from rules.journeys.programme import journeys_of
from rules.journeys.results import ClubResults, Comparison, Effect, JourneyResult, club_results
from rules.programme.programme import Programme
from rules.science.difference import SideSums
from rules.science.interval import half_width
from rules.science.samples import Trial, smallest_lift
from tests.rules.examples import LEAST, programme

AT = datetime(2026, 1, 5, 3, tzinfo=UTC)
CLUB = """
[[rewards]]
id = "tea"
name = { ja = "お茶" }
kind = "coupon"
cost = 10
value_yen = 300
[[journeys]]
kind = "rhythm"
arms = [{ id = "a" }]
[[journeys]]
kind = "lapsed"
"""
KNOWN = LEAST + "[sending]\nmessage_yen = 4\nvisit_margin_yen = 800\n" + CLUB


def journey(club: Programme, name: str) -> Journey:
    return next(each for each in journeys_of(club) if each.id == name)


def side(
    arm: str | None, episodes: int, came: int, *, share: float | None = 0.3, **more: int
) -> SideCounts:
    """One of whose chances nothing is known."""
    more.setdefault("sent", episodes if arm else 0)
    return SideCounts(arm, share, SideSums(episodes, came=came), **more)


def counted(
    club: Programme,
    name: str,
    *sides: SideCounts,
    share: float = 0.3,
    days: float = 365.25,
    members: int = 0,
) -> CountedJourney:
    since = AT if sides else None
    return CountedJourney(journey(club, name), share, sides, since, days, members=members)


def of_rhythm(*sides: SideCounts, text: str = LEAST + CLUB, days: float = 365.25) -> JourneyResult:
    club = programme(text)
    [found] = club_results(club, [counted(club, "rhythm", *sides, days=days)]).journeys
    return found


def whole(result: JourneyResult) -> Comparison:
    assert result.whole is not None
    return result.whole


def effect(seen: Comparison) -> Effect:
    assert seen.effect is not None
    return seen.effect


def test_what_a_hundred_messages_bring_is_told_with_its_range() -> None:
    found = effect(whole(of_rhythm(side(None, 300, 90), side("a", 700, 308))))
    error = sqrt(0.44 * 0.56 / 699 + 0.3 * 0.7 / 299)
    known = (error / 0.1) ** 2
    apart = error * sqrt((1 + known) * (log(1 + 1 / known) + 2 * log(20)))
    assert found.about == pytest.approx(14)
    assert (found.low, found.high) == pytest.approx((14 - 100 * apart, 14 + 100 * apart))
    assert found.word == "works"


@pytest.mark.parametrize(
    ("held", "written", "word"),
    [
        ((300, 90), (700, 308), "works"),
        ((300, 90), (700, 224), "unknown"),
        # Surely fewer; and surely not one more in a hundred.
        ((3_000, 1_200), (7_000, 2_100), "fails"),
        ((300_000, 120_000), (700_000, 280_100), "fails"),
    ],
)
def test_the_range_says_in_a_word_whether_it_works(
    held: tuple[int, int], written: tuple[int, int], word: str
) -> None:
    assert effect(whole(of_rhythm(side(None, *held), side("a", *written)))).word == word


def test_a_message_that_surely_brings_less_than_it_costs_does_not_work() -> None:
    """Two in a hundred at the most, where it takes five to pay for the gifts."""
    sides = side(None, 30_000, 12_000), side("a", 70_000, 28_300)
    gift = 'offer = { points = 3, valid_days = 30 }\narms = [{ id = "a" }]'
    dear = KNOWN.replace('arms = [{ id = "a" }]', gift, 1)
    found = whole(of_rhythm(*sides, text=dear))
    # A point is worth 30 yen; 28,300 of 70,000 come for their 90.
    assert found.break_even == pytest.approx(100 * (4 + 90 * 28_300 / 70_000) / 800)
    assert effect(found).low < 0 < effect(found).high < (found.break_even or 0)
    assert effect(found).word == "fails"
    assert found.gifts == "counted"
    plain = whole(of_rhythm(*sides, text=KNOWN))
    assert plain.gifts == "none"
    promised = 'given = { kind = "comeback" }\nvalid_days = 30\nvalue_yen = 0'
    text = dear.replace("cost = 10\nvalue_yen = 300", promised)
    untold = whole(of_rhythm(*sides, text=text.replace("points = 3", 'reward = "tea"')))
    assert (untold.break_even, untold.gifts) == (pytest.approx(0.5), "unknown")
    assert plain.break_even == pytest.approx(0.5)
    assert effect(plain).word == "unknown"


def test_messages_that_did_not_go_out_are_no_messages() -> None:
    held, all_sent = side(None, 300, 90), side("a", 700, 308)
    half = effect(whole(of_rhythm(held, replace(all_sent, sent=350))))
    assert half.about == pytest.approx(28)
    assert half.messages == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("held", "written"), [((9, 4), (40, 20)), ((40, 4), (40, 20)), ((40, 20), (40, 36))]
)
def test_until_there_are_ten_and_five_of_each_outcome_nothing_is_said(
    held: tuple[int, int], written: tuple[int, int]
) -> None:
    found = of_rhythm(side(None, *held), side("a", *written))
    assert whole(found).effect is None
    assert found.winner is None
    assert found.arms == ()


def test_about_when_there_will_be_enough_is_told_from_how_many_fall_due() -> None:
    few = side(None, 4, 2), side("a", 9, 4)
    slow, fast = (whole(of_rhythm(*few, days=days)) for days in (365, 40))
    # 13 a year: those held back need seven more for three more to come, of 3.9 a year; and a
    # fortnight. What is seen in 40 days says what 90 do.
    assert slow.months == 22
    assert fast.months == 6
    assert whole(of_rhythm()).months is None
    open_ones = (replace(each, still_open=90) for each in few)
    assert whole(of_rhythm(*open_ones, days=365)).months == 1


@pytest.mark.parametrize("came", [0, 9])
def test_the_rarer_outcome_is_what_takes_long(came: int) -> None:
    """Of nine who were held back none came, or all: then ten are soon there, but not five of the
    other outcome."""
    found = whole(of_rhythm(side(None, 9, came), side("a", 22, 10), days=365.25 * 31 / 58))
    # Our guess, four of ten, beside the nine: 1.45 a month are held back, and five are missing.
    share = 4 / 19 if came == 0 else 6 / 19
    assert found.months == ceil(5 / share / (58 * 0.3 / 12) + 14 / (365.25 / 12))
    assert found.months > 10


def test_the_first_days_of_a_journey_are_not_taken_for_a_year() -> None:
    """On the first day it writes to all who had been waiting for it."""
    club = programme(LEAST + CLUB)
    first = side(None, 0, 0, still_open=70), side("a", 0, 0, still_open=163)
    early, later = (
        counted(club, "rhythm", *first, days=days, members=2_000).a_year() for days in (0.1, 90)
    )
    # Ten of a hundred members a month, as far as nothing is seen of the 90 days.
    assert early == pytest.approx((233 * 365.25 + 2_400 * 89.9) / 90)
    assert later == pytest.approx(233 * 365.25 / 90)


def test_few_outcomes_are_read_beside_our_guess() -> None:
    """None of nine came: that doesn't make one of a hundred."""
    some = of_rhythm(side(None, 9, 0, still_open=291), side("a", 21, 3, still_open=679))
    trial = Trial(1_000, 0.7, 0.3, 4 / 19, 0.1, measure_days=14)
    assert some.outlook is not None
    assert some.outlook.lift == pytest.approx(100 * (smallest_lift(trial) or 0))


def test_what_a_year_can_show_is_told_of_the_episodes_there_are() -> None:
    many = of_rhythm(side(None, 3_000, 1_200), side("a", 7_000, 2_800)).outlook
    some = of_rhythm(side(None, 300, 120), side("a", 700, 280)).outlook
    few = of_rhythm(side(None, 6, 2), side("a", 14, 6)).outlook
    assert many is not None
    assert some is not None
    assert few is not None
    assert (many.episodes, few.episodes) == pytest.approx((10_000, 20))
    assert (many.lift or inf) < 5 < 12 < (some.lift or inf) < 20
    assert few.lift is None
    assert of_rhythm().outlook is None


def test_all_messages_together_are_told_of_all_that_hold_somebody_back() -> None:
    club = programme(LEAST + CLUB)
    found = club_results(
        club,
        [
            counted(club, "rhythm", side(None, 300, 120), side("a", 700, 350)),
            counted(club, "lapsed", side(None, 60, 6), side("a", 140, 21)),
            counted(club, "birthday", side("a", 500, 400, share=0), share=0),
        ],
    )
    assert found.together is not None
    # Each within itself: ten more of a thousand, five of two hundred.
    weights = 700 * 300 / 1_000, 140 * 60 / 200
    mean = (10 * weights[0] + 5 * weights[1]) / sum(weights)
    assert effect(found.together).about == pytest.approx(mean)
    assert found.together.mine.sums.episodes == 840
    # Planned for eight of a hundred, whatever each has drawn by now.
    seen = effect(found.together)
    assert seen.high - seen.low == pytest.approx(200 * half_width(seen.estimate.error, 0.08))


def test_of_several_journeys_each_is_drawn_to_what_all_bring() -> None:
    club = programme(LEAST + CLUB)
    rhythm = counted(club, "rhythm", side(None, 3_000, 1_200), side("a", 7_000, 3_500))
    lapsed = counted(club, "lapsed", side(None, 60, 20), side("a", 140, 42))
    both, alone = club_results(club, [rhythm, lapsed]), club_results(club, [lapsed])
    large, small = (effect(whole(each)) for each in both.journeys)
    assert effect(whole(alone.journeys[0])).likely is None
    assert large.likely is not None
    assert small.likely is not None
    assert small.about < small.likely < large.likely
    assert abs(large.likely - large.about) < 0.5 < 3 < small.likely - small.about


TWO = LEAST + CLUB.replace('arms = [{ id = "a" }]', 'arms = [{ id = "a" }, { id = "b" }]', 1)


def test_of_several_arms_each_is_told_and_the_winner_beats_all_and_silence() -> None:
    held, low, high = side(None, 3_000, 900), side("a", 3_500, 1_225), side("b", 3_500, 1_575)
    found = of_rhythm(held, low, high, text=TWO)
    assert [(each.arm, each.against) for each in found.arms] == [("a", None), ("b", None)]
    assert [round(effect(each).about) for each in found.arms] == [5, 15]
    assert found.winner == "b"
    # Of two that are alike neither has won, however well both do.
    assert of_rhythm(held, low, replace(low, arm="b"), text=TWO).winner is None
    # Better than the other, but not than silence.
    good = side(None, 3_000, 1_500)
    assert of_rhythm(good, low, high, text=TWO).winner is None
    # An arm that the programme has dropped wins nothing, and keeps no other from it.
    assert of_rhythm(held, low, high).winner == "a"


def test_versions_are_compared_with_the_first_whether_anybody_is_held_back_or_not() -> None:
    club = programme(TWO)
    sides = side("a", 3_500, 1_225, share=0), side("b", 3_500, 1_575, share=0)
    [found] = club_results(club, [counted(club, "rhythm", *sides, share=0)]).journeys
    assert (found.whole, found.arms) == (None, ())
    [seen] = found.between
    assert (seen.arm, seen.against, found.winner) == ("b", "a", "b")
    assert effect(seen).about == pytest.approx(10)
    held = side(None, 300, 90), side("a", 350, 130), side("b", 350, 140)
    [seen] = of_rhythm(*held, text=TWO).between
    # Whatever each is against silence, of the two nothing is known.
    assert effect(seen).word == "unknown"
    assert effect(seen).about == pytest.approx(100 * 10 / 350)
    assert isinstance(club_results(club, []), ClubResults)


def test_a_share_held_back_later_counts_beside_the_first() -> None:
    """After a roll-out a tenth is held back: more come of all at that time of the year, which does
    not look like the message's doing."""
    before = side(None, 300, 60), side("a", 700, 140)
    after = side(None, 100, 80, share=0.1), side("a", 900, 720, share=0.1)
    assert effect(whole(of_rhythm(*before, *after))).about == pytest.approx(0)


def test_what_makes_people_leave_is_said() -> None:
    held = side(None, 1_000, 100)
    assert of_rhythm(held, side("a", 1_000, 100, left=30)).leavers == ("a",)
    assert of_rhythm(held, side("a", 1_000, 100, left=3)).leavers == ()
