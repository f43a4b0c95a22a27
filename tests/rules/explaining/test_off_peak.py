"""A campaign for off-peak hours, proposed in a text that a programme takes."""

from dataclasses import replace
from datetime import date, time

import pytest

from rules.base import LANGS
from rules.checking.reading import InvalidProgramme, review
from rules.checking.warnings import warnings
from rules.explaining.off_peak import BranchLook, OffPeakLook, proposal, propose
from rules.journeys.kinds.off_peak import OffPeakHours
from rules.journeys.programme import WholeProgramme
from rules.programme.campaigns import Bonus
from rules.science.off_peak import NoOffPeak, OffPeak, Seen
from rules.wording.words import Words
from tests.rules.examples import CAFE, GYM, LEAST, changed, programme

#: A Sunday.
TODAY = date(2026, 11, 29)
#: Tuesdays and Wednesdays from two to four: a visit in two hours, and two in each of the others.
FOUND = OffPeak((1, 2), 14, 16, Seen(48, 24), Seen(1_000, 2_000))


def looked(text: str, *found: OffPeak | NoOffPeak | None) -> OffPeakLook:
    stores = [store.id for store in programme(text).stores]
    looks = [None if each is None else BranchLook(each) for each in found]
    return OffPeakLook(TODAY, date(2026, 9, 6), dict(zip(stores, looks, strict=False)), 240)


def proposed(text: str, *found: OffPeak | NoOffPeak | None, lang: str = "ja") -> str:
    """What is said, and proposed, to the club with that programme."""
    club, look = programme(text), looked(text, *(found or (FOUND,)))
    assert lang in LANGS
    return proposal(Words(club, lang), look, propose(club, look))


def appended(text: str, more: str) -> WholeProgramme:
    """The programme with that text at its end, as `program check` reads it."""
    read = review(text + more)
    assert not isinstance(read, InvalidProgramme), read.listed("en")
    return read


@pytest.mark.parametrize("text", [CAFE, GYM, LEAST, LEAST.rstrip("\n")])
def test_what_is_proposed_goes_to_the_end_of_a_programme_as_it_stands(text: str) -> None:
    ja, en = (appended(text, proposed(text, lang=lang)) for lang in LANGS)

    assert ja == en
    before, [*_, calm], [*_, tells] = programme(text), ja.campaigns, ja.journeys
    assert ja.campaigns[:-1] == before.campaigns
    assert (calm.id, calm.starts, calm.ends) == ("off_peak", date(2026, 11, 30), date(2027, 1, 24))
    assert (calm.weekdays, calm.on) == (("tue", "wed"), ("visit",))
    assert calm.hours is not None
    assert (calm.hours.start, calm.hours.end) == (time(14), time(16))
    assert isinstance(calm.effect, Bonus)
    assert isinstance(tells, OffPeakHours)
    assert tells.campaign == calm.id
    # Nothing about it is unwise, but that there may be much to remember.
    known = {caution.code for caution in warnings(before, today=TODAY)}
    fresh = {caution.code for caution in warnings(ja, today=TODAY)} - known
    assert fresh <= {"too_many_rules", "no_rewards"}


def test_a_second_one_has_another_name_and_leaves_the_first() -> None:
    once = CAFE + proposed(CAFE)
    twice = appended(once, proposed(once))
    assert [campaign.id for campaign in twice.campaigns[-2:]] == ["off_peak", "off_peak_2"]
    assert [journey.id for journey in twice.journeys[-2:]] == ["off_peak", "off_peak_2"]


def test_who_wants_no_messages_gets_a_campaign_alone() -> None:
    quiet = "journeys = []\n" + LEAST
    said = proposed(quiet)
    read = appended(quiet, said)
    assert [campaign.id for campaign in read.campaigns] == ["off_peak"]
    assert read.journeys == ()
    assert "journeys = []" in said


def test_whatever_a_shop_is_called_the_text_can_be_read() -> None:
    odd = changed(CAFE, ('ja = "駅前店"', 'ja = "駅前\\"店\\\\ \\n\\u007f"'))
    assert appended(odd, proposed(odd)).campaigns[-1].name.ja.startswith("ゆったりタイム（駅前")


def test_of_several_branches_the_one_where_most_is_missing_is_chosen() -> None:
    more = replace(FOUND, weekdays=(0, 1, 2))
    said = proposed(CAFE, FOUND, more)
    assert "いちばん差の大きい川辺店の案です" in said
    assert appended(CAFE, said).campaigns[-1].stores == ("kawabe",)
    assert appended(CAFE, proposed(CAFE, FOUND, NoOffPeak("even", 900))).campaigns[-1].stores == (
        "ekimae",
    )
    # A single branch needs no name.
    assert appended(LEAST, proposed(LEAST)).campaigns[-1].stores == ()


def test_hours_of_every_day_and_past_midnight_are_written_as_a_campaign_has_them() -> None:
    late = OffPeak(tuple(range(7)), 23, 26, Seen(84, 0), Seen(1_000, 2_000))
    bar = changed(LEAST, ("[[stores]]", "hours = { start = 18:00:00, end = 02:00:00 }\n[[stores]]"))
    calm = appended(bar, proposed(bar, late)).campaigns[-1]
    assert calm.weekdays == ()
    assert calm.hours is not None
    assert (calm.hours.start, calm.hours.end) == (time(23), time(2))
    until_midnight = replace(late, end_hour=24)
    hours = appended(bar, proposed(bar, until_midnight)).campaigns[-1].hours
    assert hours is not None
    assert (hours.start, hours.end) == (time(23), time(0))


def test_the_cost_goes_from_as_many_as_now_to_as_many_as_elsewhere() -> None:
    """Sixteen days of two hours, less the two Wednesdays on which the shop is shut."""
    shut = changed(CAFE, ("closed = [", "closed = [ { on = 2026-12-02 }, { on = 2026-12-30 },"))
    look = looked(shut, FOUND)
    found = propose(programme(shut), look)
    assert found is not None
    assert (found.days, found.points) == (14, 20)
    assert (found.visits_as_now, found.visits_as_elsewhere) == (14, 56)
    assert "280ポイント（14回分、420円相当）" in proposed(shut)
    assert "1,120ポイント（56回分、1,680円相当）" in proposed(shut)
    assert "1,120 points (56 visits, worth ¥1,680)" in proposed(shut, lang="en")
    cheaper = propose(programme(shut), look, points=3)
    assert cheaper is not None
    assert cheaper.points == 3


def test_a_shop_whose_visits_bring_nothing_gives_a_few_points() -> None:
    found = propose(programme(LEAST), looked(LEAST, FOUND))
    assert found is not None
    assert found.points == 10


@pytest.mark.parametrize(
    ("found", "ja", "en"),
    [
        (NoOffPeak("even", 900), "はありませんでした（ご来店900件）", "(900 visits)"),
        (NoOffPeak("few", 90, 1_210), "1,210件ほどあると", "some 1,210 would show"),
        (NoOffPeak("short", 90), "8週間分ほど", "about eight weeks"),
        (None, "[shop] に hours を書いて", "Write `hours` into it"),
    ],
)  # fmt: skip
def test_where_nothing_is_proposed_it_says_why_in_comments_alone(
    found: NoOffPeak | None, ja: str, en: str
) -> None:
    said = proposed(LEAST, found)
    assert ja in said
    assert en in proposed(LEAST, found, lang="en")
    assert all(line.startswith("#") for line in said.splitlines() if line)
    assert appended(LEAST, said) == programme(LEAST)
