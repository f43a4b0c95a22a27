"""Two years of a small club: no cap, quiet hour, quota or topic ever violated, nobody forgotten."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.journeys.programme import whole
from tests.chance import examples

from .club import Club, founded, run
from .programmes import busy

FIRST = date(2026, 2, 20)


def lived(seed: int, *, members: int, days: int, plan: int, timezone: str, ask_all: int) -> Club:
    programme = busy(timezone=timezone, quiet_weekdays=("sat", "sun"), quota_reserve=10)
    club = founded(programme, seed=seed, plan=plan, by_hand=20)
    for _ in run(club, members=members, first=FIRST, days=days, ask_all=ask_all):
        pass
    return club


def test_a_small_club_lives_through_two_years() -> None:
    club = lived(1, members=50, days=731, plan=10_000, timezone="Asia/Tokyo", ask_all=7)

    sent = club.watch.by_kind
    assert sum(sent.values()) > 500
    assert {
        "birthday",
        "lapsed",
        "rhythm",
        "one_short",
        "first_visit",
        "anniversary",
        "points_expiring",
    } <= set(sent)
    assert club.promises_kept > 0
    assert club.expired > 0
    assert club.held_back > 0
    assert club.skipped["no_longer_true"] > 0
    assert club.skipped["topic"] + club.skipped["blocked"] > 0


@given(
    seed=st.integers(0, 10**9),
    plan=st.sampled_from((35, 60, 10_000)),
    timezone=st.sampled_from(("Europe/Berlin", "America/New_York", "Asia/Tokyo")),
)
@settings(max_examples=examples(3), deadline=None)
def test_any_club_keeps_its_promises(seed: int, plan: int, timezone: str) -> None:
    club = lived(seed, members=15, days=430, plan=plan, timezone=timezone, ask_all=11)

    assert max(club.watch.by_month.values(), default=0) <= plan - 30


def test_a_short_quota_goes_to_birthdays_and_comebacks() -> None:
    ample = lived(1, members=30, days=400, plan=10_000, timezone="Asia/Tokyo", ask_all=0)
    short = lived(1, members=30, days=400, plan=50, timezone="Asia/Tokyo", ask_all=0)

    first = ("birthday", "lapsed", "rank_lost")
    shares = [
        sum(club.watch.by_kind[kind] for kind in first) / sum(club.watch.by_kind.values())
        for club in (ample, short)
    ]
    assert shares[1] > shares[0]


def test_the_watch_sees_points_go_unwarned() -> None:
    club = lived(5, members=5, days=30, plan=10_000, timezone="Asia/Tokyo", ask_all=0)
    person, day = club.people[0], date(2027, 2, 20)
    with pytest.raises(AssertionError, match="unwarned"):
        club.watch.expired(person, day, day)


def test_the_watch_sees_what_would_be_wrong() -> None:
    club = lived(5, members=5, days=200, plan=10_000, timezone="Asia/Tokyo", ask_all=0)
    number, push = next((n, sent[-1]) for n, sent in club.watch.sent.items() if sent)
    person = club.people[number]
    journey = next(j for j in whole(club.programme).journeys if j.id == push.journey)
    with pytest.raises(AssertionError, match=r"sent twice|days"):
        club.watch.pushed(person, journey, push.period, at=push.at, by_hand=0)
