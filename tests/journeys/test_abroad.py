"""Shops abroad, on the days around which their clocks change: each business day's night and each
journey's day once and at its time, nothing sent in quiet hours."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from bot.line.messages import text_message
from bot.store.members import members
from bot.store.tables import ticks
from handlers.actions.telling.messages import SayMessages, tell
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.night import nightly
from rules.shop import Shop
from rules.shop import days as days_of
from tests.conftest import FreshDatabase
from tests.handlers.clubs import HOUR, SmallClub, club_on
from tests.handlers.jobs.line import Line
from tests.rules.examples import CAFE, changed

DAY = timedelta(days=1)
#: The clock goes forward, then back; in the hour, or half an hour, from two o'clock.
CHANGES = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
]
#: The last two begin a day in the time that isn't there, or comes twice.
STARTS = ["04:00:00", "00:00:00", "02:15:00", "01:45:00"]


@pytest.fixture
def sqlite_url(fresh_sqlite: FreshDatabase) -> Iterator[str]:
    """The rules and the clock are asked here, not the database: one kind is enough for most."""
    with fresh_sqlite() as url:
        yield url


def _abroad(zone: str, starts: str) -> str:
    """The café there; it may send until half past two at night and from a quarter past on."""
    return changed(
        CAFE,
        ('timezone = "Asia/Tokyo"', f'timezone = "{zone}"'),
        ("day_starts_at = 04:00:00", f"day_starts_at = {starts}"),
        ("quiet_until = 10:00:00", "quiet_until = 02:15:00"),
        ("quiet_from = 20:00:00", "quiet_from = 23:30:00"),
    )


def _ticked(club: SmallClub) -> dict[str, datetime]:
    with club.store.read() as uow:
        return {row.key: row.done_at for row in uow.run(select(ticks))}


def _nights(club: SmallClub) -> dict[date, datetime]:
    return {
        date.fromisoformat(key.rsplit(":", 1)[1]): at
        for key, at in _ticked(club).items()
        if key.startswith("tick:nightly:")
    }


def _journeys(club: SmallClub) -> dict[str, set[date]]:
    found: dict[str, set[date]] = {}
    for key in _ticked(club):
        job, day = key.removeprefix("tick:").rsplit(":", 1)
        if job.startswith("journey-"):
            found.setdefault(job, set()).add(date.fromisoformat(day))
    return found


def _shop(club: SmallClub) -> Shop:
    return club.timeline.latest.programme.shop


def _noon(club: SmallClub, day: date) -> datetime:
    return datetime.combine(day, time(12), _shop(club).zone).astimezone(UTC)


@pytest.mark.parametrize("starts", STARTS)
@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_travel_over_the_change_does_each_day_once_at_its_time(
    sqlite_url: str, line: Line, zone: str, change: date, starts: str
) -> None:
    with club_on(sqlite_url, _abroad(zone, starts), line_url=line.url) as club:
        club.clock.set(_noon(club, change - DAY))
        Clockwork(club.club).travel(_noon(club, change + DAY), club.clock.set)
        wanted = set(days_of(change - DAY, change + 2 * DAY))
        nights = _nights(club)
        assert set(nights) == wanted
        shop = _shop(club)
        for day in sorted(wanted)[1:]:
            assert nights[day] == shop.opens(day) + nightly.AFTER_OPENING
        assert _journeys(club)
        assert all(days == wanted for days in _journeys(club).values())


@pytest.mark.parametrize("starts", STARTS[3:])
@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_a_tick_every_few_minutes_does_each_day_once(
    sqlite_url: str, line: Line, monkeypatch: pytest.MonkeyPatch, zone: str, change: date,
    starts: str,
) -> None:  # fmt: skip
    done: list[datetime] = []
    with club_on(sqlite_url, _abroad(zone, starts), line_url=line.url) as club:
        monkeypatch.setattr(
            "handlers.jobs.night.nightly._make_searchable", lambda c: done.append(c.now())
        )
        club.clock.set(_noon(club, change - DAY))
        until, clockwork = _noon(club, change + DAY), Clockwork(club.club)
        while club.now < until:
            clockwork.tick()
            club.passes(minutes=30)
        assert len(done) == len(_nights(club)) == 3
        assert set(_nights(club)) == set(days_of(change - DAY, change + 2 * DAY))
        for day, at in list(_nights(club).items())[1:]:
            late = at - _shop(club).opens(day) - nightly.AFTER_OPENING
            assert timedelta(0) <= late < timedelta(minutes=30)


@pytest.mark.parametrize("starts", STARTS[:1])
@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_nothing_is_sent_in_quiet_hours_and_all_of_it_once(
    sqlite_url: str, line: Line, zone: str, change: date, starts: str
) -> None:
    """A message to somebody else every half an hour, over the night of the change."""
    sent: list[datetime] = []
    with club_on(sqlite_url, _abroad(zone, starts), line_url=line.url) as club:
        line.during_push = lambda: sent.append(club.now)
        begin = _noon(club, change - DAY) + 10 * HOUR
        club.clock.set(begin - HOUR)
        people = [club.joins(f"U{n:032d}") for n in range(16)]
        clockwork = Clockwork(club.club)
        for n, member in enumerate(people):
            clockwork.travel(begin + n * timedelta(minutes=30), club.clock.set)
            _tells(club, member)
        clockwork.travel(begin + 10 * HOUR, club.clock.set)
        policy, shop = club.timeline.latest.programme.sending, _shop(club)
        assert len(sent) == len(people)
        assert not [at for at in sent if policy.is_quiet(shop.local(at))]
        # What waited for the end of the night went when it ended, not at some other time.
        waited = Counter(shop.local(at).time() for at in sent).most_common(1)[0]
        assert time(2, 15) <= waited[0] <= time(3, 15)
        assert waited[1] >= 4


def _tells(club: SmallClub, member: int) -> None:
    say = SayMessages(messages=(text_message("お知らせ"),))
    with club.work() as work:
        tell(
            work,
            members.lock(work.uow, member),
            say,
            period="p",
            topic=None,
            useful=timedelta(days=2),
        )


@pytest.mark.parametrize("starts", STARTS)
@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_no_business_day_comes_twice(zone: str, change: date, starts: str) -> None:
    shop = Shop.model_validate(
        {"name": {"ja": "店"}, "legal_name": "店", "timezone": zone, "day_starts_at": starts}
    )
    start = datetime.combine(change - DAY, time(), UTC)
    moments = [start + n * timedelta(minutes=5) for n in range(3 * 24 * 12)]
    days = [shop.business_date(at) for at in moments]
    assert days == sorted(days)
    assert all(shop.opens(day) <= at for at, day in zip(moments, days, strict=True))
    for at, day in zip(moments, days, strict=True):
        assert at < shop.opens(day + DAY)
    for one, other in pairwise(sorted(set(days))):
        assert other - one == DAY


def test_both_databases_say_the_same(database_url: str, line: Line) -> None:
    zone, change = CHANGES[1]
    with club_on(database_url, _abroad(zone, "01:45:00"), line_url=line.url) as club:
        club.clock.set(_noon(club, change - DAY))
        Clockwork(club.club).travel(_noon(club, change + DAY), club.clock.set)
        assert set(_nights(club)) == set(days_of(change - DAY, change + 2 * DAY))
