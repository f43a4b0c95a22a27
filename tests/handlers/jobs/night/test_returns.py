"""What the club learns of its members' returns, week by week."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from sqlalchemy import text

from bot.store.finding import ticks
from bot.store.history import return_fits
from bot.store.tables import activities
from handlers.actions.counter.purchase import purchase
from handlers.actions.recording.record import Request
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.night import returns
from handlers.jobs.night.returns import WeeklyFit
from rules.activity import Purchase
from rules.science.learned import PRIOR, ReturnModels
from rules.science.lessons import Visits
from rules.science.model import HORIZONS
from rules.science.visits import VISIT_HORIZONS
from tests.bench import crowd
from tests.handlers.clubs import DAY, SmallClub
from tests.journeys.counting import counting

from .test_drift import RARER, days, foreseen


class Lessons:
    """In the place of what takes seconds: what it was given, and what it is to answer."""

    def __init__(self) -> None:
        self.given: list[tuple[Sequence[Visits], date]] = []
        self.is_broken = False

    def __call__(self, members: Sequence[Visits], today: date) -> ReturnModels:
        self.given.append((members, today))
        if self.is_broken:
            raise ZeroDivisionError
        return replace(RARER, fitted_on=today)


@pytest.fixture
def lessons(monkeypatch: pytest.MonkeyPatch) -> Lessons:
    found = Lessons()
    monkeypatch.setattr(returns, "learn", found)
    return found


def buys(cafe: SmallClub, member: int, yen: int) -> None:
    receipt = Request(member, Purchase(yen), cafe.now, "ekimae")
    with cafe.work() as work:
        purchase(work.acting("staff").under(cafe.key()), receipt)


def test_once_in_each_of_the_shops_weeks_it_learns_and_goes_by_that(
    cafe: SmallClub, lessons: Lessons
) -> None:
    job, learned = WeeklyFit(cafe.club), []
    for _ in range(16):
        cafe.passes(days=1)
        learned += [cafe.now.date()] * job.run_if_due()
        assert not job.run_if_due()
    # It begins on a Monday, whose own night is over.
    assert [day.isoweekday() for day in learned] == [2, 1, 1]
    assert [until for _, until in lessons.given] == [day - DAY for day in learned]
    assert cafe.timeline.models == replace(RARER, fitted_on=learned[-1] - DAY)
    assert not WeeklyFit(cafe.club).run_if_due(), "another process does it again"


def test_what_it_learns_from_is_every_members_days_and_what_they_paid(
    cafe: SmallClub, lessons: Lessons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returns, "PAGE", 2)
    seldom, regular, _ = cafe.joins(), cafe.joins(), cafe.joins()
    buys(cafe, regular, 300)
    first = cafe.passes(days=1).date().toordinal()
    for _ in range(3):
        cafe.visits(regular)
        buys(cafe, regular, 500)
        cafe.passes(days=2)
        buys(cafe, regular, 40)
        cafe.passes(days=2)
    cafe.visits(seldom)
    with counting(cafe.store) as counted:
        returns.learned(cafe.club, cafe.now.date())
    ((members, _),) = lessons.given
    found = [(list(each.days), list(each.yen)) for each in members]
    assert found == [
        ([first + 12], [0.0]),
        ([first, first + 4, first + 8], [840.0, 540.0, 540.0]),
    ]
    # From which id to which, and two pages of two.
    assert len(counted.statements) == 3


def test_a_fit_that_fails_stops_nothing_and_is_tried_again_the_next_night(
    cafe: SmallClub, lessons: Lessons
) -> None:
    lessons.is_broken = True
    clockwork = Clockwork(cafe.club)
    cafe.passes(days=1)
    for _ in range(2):
        clockwork.tick()
    assert len(lessons.given) == 1
    assert cafe.timeline.models == PRIOR
    with cafe.store.read() as uow:
        assert ticks.last_tick(uow, "nightly") == cafe.now.date().isoformat()
    lessons.is_broken = False
    cafe.passes(days=1)
    clockwork.tick()
    assert len(lessons.given) == 2
    assert cafe.timeline.models.by_horizon == RARER.by_horizon


def test_the_tick_after_moves_everybodys_day_before_the_next_night_asks(
    cafe: SmallClub, lessons: Lessons
) -> None:
    member = cafe.joins()
    for _ in range(5):
        cafe.visits(member)
        cafe.passes(days=7)
    clockwork = Clockwork(cafe.club)
    clockwork.tick()
    before = days(cafe)[member]
    cafe.passes(seconds=11)
    clockwork.tick()
    assert before != days(cafe)[member] == foreseen(cafe, member)[member]
    assert cafe.differences(member) == []


def test_a_club_with_a_past_learns_how_its_members_come_and_keeps_how_well(
    cafe: SmallClub,
) -> None:
    cafe.visits(cafe.joins())
    crowd.make(cafe.store, 90)
    today, random = cafe.now.date(), Random(8)
    with cafe.store.begin() as uow:
        ids = list(uow.run(text("SELECT id FROM members WHERE id > 1 ORDER BY id")).scalars())
        for member in ids:
            gap = random.choice((3, 9, 20))
            gone = random.choice((0, 0, 40, 90, 150))
            came = range(gone + random.randrange(gap), 330, gap)
            uow.insert_new(activities, [_visit(cafe, member, today - each * DAY) for each in came])
    cafe.passes(days=1)
    assert WeeklyFit(cafe.club).run_if_due()
    models = cafe.timeline.models
    assert models.by_horizon != PRIOR.by_horizon
    assert models.fitted_on == today
    for horizon in HORIZONS:
        assert models.knows_level(horizon)
        assert models.qualities[horizon].auc > 0.8
    assert all(models.knows_visits(days) for days in VISIT_HORIZONS)
    with cafe.store.read() as uow:
        fit = return_fits.newest(uow)
    assert fit is not None
    assert (fit.at, fit.models, fit.worse) == (cafe.now, models, ())
    assert set(fit.shipped) == set(models.qualities)
    assert all(models.qualities[each].brier <= fit.shipped[each].brier for each in fit.shipped)


def _visit(cafe: SmallClub, member: int, day: date) -> dict[str, object]:
    at = cafe.now + (day - cafe.now.date())
    return {
        "member_id": member, "seq": day.toordinal(), "what": 'Visit {"via":"staff"}', "at": at,
        "recorded_at": at, "business_date": day, "made_by": "staff", "holiday": False,
        "switches": "", "version": 1, "key": "k",
    }  # fmt: skip
