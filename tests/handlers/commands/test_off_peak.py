"""A campaign for off-peak hours, proposed by a command, published, and kept at the counter."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from handlers.commands.programme import programme_commands
from handlers.jobs.journeys import queue
from rules.journeys.programme import journey_named
from tests.conftest import FreshDatabase
from tests.handlers.clubs import DAY, SmallClub, club_on
from tests.rules.examples import CAFE, changed

#: Half past three on a Thursday in Tokyo.
NOW = datetime(2026, 7, 2, 6, 30, tzinfo=UTC)
MONDAY = date(2026, 7, 6)
#: Open for six hours a day.
_HOURS = (
    "hours = { start = 07:30:00, end = 22:00:00 }",
    "hours = { start = 10:00:00, end = 16:00:00 }",
)


def _without_badges_by_hour(text: str) -> str:
    parts = re.split(r"(?=^\[\[)", text, flags=re.MULTILINE)
    return "".join(part for part in parts if "time_of_day" not in part)


#: Badges for the hours in which it is closed now could not be.
PROGRAMME = _without_badges_by_hour(changed(CAFE, _HOURS))


@pytest.fixture
def cafe(fresh_sqlite: FreshDatabase) -> Iterator[SmallClub]:
    with fresh_sqlite() as url, club_on(url, PROGRAMME, now=NOW - 90 * DAY) as club:
        yield club


def off_peak(club: SmallClub, *words: str) -> Result:
    app = Flask("programme")
    installed: Any = SimpleNamespace(club=club.club)
    app.cli.add_command(programme_commands(lambda: installed))
    return app.test_cli_runner().invoke(args=["program", "off-peak", *words])


def lives(club: SmallClub, weeks: int = 12) -> int:
    """A member who comes every day at eleven, noon or one; gives their id."""
    member = club.joins("U" + "1" * 32)
    club.clock.set(NOW)
    first = datetime(2026, 7, 2, 2, 5, tzinfo=UTC) - 7 * weeks * DAY
    for n in range(7 * weeks):
        club.visits(member, at=first + n * DAY + timedelta(hours=n % 3))
    return member


def test_what_is_proposed_can_be_published_and_is_kept_at_the_counter(cafe: SmallClub) -> None:
    """Nobody comes from two to four, or at ten: the longer run is proposed."""
    member = lives(cafe)
    told = off_peak(cafe, "--points", "7")
    assert told.exit_code == 0, told.output
    assert "駅前店：毎日の14:00〜16:00がいちばんすいています" in told.output
    assert "川辺店：まだ分かりません" in told.output
    assert "（今は1人）" in told.output

    cafe.publishes(PROGRAMME + told.output)

    def brings(day: date, hour: int, store: str = "ekimae") -> set[str]:
        at = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC) - timedelta(hours=9)
        cafe.clock.set(at)
        before = len(cafe.granted(member))
        assert cafe.visits(member, store=store).done
        return {rule for _, rule in list(cafe.granted(member))[before:]}

    # Not before the Monday, nor at another time, nor at the other branch.
    assert "campaign:off_peak" not in brings(MONDAY - 2 * DAY, 14)
    assert "campaign:off_peak" in brings(MONDAY, 14)
    assert "campaign:off_peak" not in brings(MONDAY + DAY, 13)
    assert "campaign:off_peak" in brings(MONDAY + 2 * DAY, 15)
    assert "campaign:off_peak" not in brings(MONDAY + 3 * DAY, 16)
    assert "campaign:off_peak" not in brings(MONDAY + 4 * DAY, 14, "kawabe")
    assert "campaign:off_peak" in brings(MONDAY + 55 * DAY, 14)
    assert "campaign:off_peak" not in brings(MONDAY + 56 * DAY, 14)


def test_the_message_about_it_is_drawn_for_each_member_once(cafe: SmallClub) -> None:
    lives(cafe)
    people = {cafe.joins(f"U{n:032}") for n in range(20)}
    for person in people:
        cafe.visits(person)
    cafe.publishes(PROGRAMME + off_peak(cafe).output)
    cafe.clock.set(datetime(2026, 7, 6, 1, tzinfo=UTC))
    journey = journey_named(cafe.timeline.at(cafe.now).programme, "off_peak")
    assert journey is not None

    first = queue.run(cafe.club, journey, day=MONDAY, now=cafe.now)
    again = queue.run(cafe.club, journey, day=MONDAY + DAY, now=cafe.now + DAY)

    assert first["queued"] + first["held_out"] == 21
    assert first["new"] == 21
    assert again["new"] == 0


def test_a_time_that_has_a_campaign_is_not_proposed_again(cafe: SmallClub) -> None:
    lives(cafe)
    cafe.publishes(PROGRAMME + off_peak(cafe).output)
    again = off_peak(cafe).output
    assert "14:00〜16:00" not in again
    assert "時間を決めたキャンペーンがすでにある時間は、除いています" in again


def test_how_busy_its_hours_are_since_it_began_is_told(cafe: SmallClub) -> None:
    member = lives(cafe)
    cafe.publishes(PROGRAMME + off_peak(cafe).output)
    for n in range(14):
        # At two in the afternoon on one day, at three on the next, then at eleven again.
        hour = (5, 6, 2)[n % 3]
        at = datetime(2026, 7, 6, hour, 5, tzinfo=UTC) + n * DAY
        cafe.clock.set(at)
        cafe.visits(member)
    cafe.clock.set(datetime(2026, 7, 20, 3, tzinfo=UTC))
    told = off_peak(cafe, "--store", "ekimae").output
    # Ten of 28 hours; four of 56.
    assert "「ゆったりタイム（駅前店）」の時間は、7月6日に始まってから、1時間に0.4人" in told
    assert "（ほかの時間は0.1人）" in told


def test_it_answers_in_the_readers_language_and_of_one_branch(cafe: SmallClub) -> None:
    told = off_peak(cafe, "--lang", "en", "--store", "kawabe").output
    assert "Riverside: Nobody can tell yet. Try again" in told
    assert "Station" not in told
    wrong = off_peak(cafe, "--lang", "en", "--store", "nowhere")
    assert wrong.exit_code == 1
    assert 'no store "nowhere"; there is: ekimae, kawabe' in wrong.output
