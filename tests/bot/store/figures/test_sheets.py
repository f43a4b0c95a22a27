"""Cohorts, items, tenure, the grid, the core and the funnel against SQL written anew from their
definitions, whatever happened."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from bot.store.figures import friends, sheets
from bot.store.finding import funnel
from handlers.actions.members.membership import change_membership
from handlers.jobs.night import nightly
from rules.activity import Membership
from rules.figures.cohorts import COHORT_MONTHS, COHORT_SHEET, COHORTS, CohortBy, cohorts
from rules.figures.core import CORE_SHARES, core_of_visits, core_of_yen
from rules.figures.grid import FREQUENCIES, MONEY_PARTS, RECENCIES, Grid
from rules.figures.items import ITEM_SHEET, TENURE_DAYS, TENURE_SHEET, tenure_figure
from rules.figures.periods import DaySpan
from rules.figures.standing import CORE_SHEET, FREQUENCY, GRID_SHEET, RECENCY_DAYS, band_end
from rules.figures.tenure import tenure
from rules.outlook.funnel import FunnelTally
from rules.outlook.ways import WAY_SHEETS, tally_of
from rules.shop import add_months, month_start
from tests.bot.store.figures.oracle import Oracle
from tests.handlers.clubs import MANAGER, SmallClub, club_on

from .test_keeping import SOON, STORES, Lives, keeps

#: Of who is in the club on :day and ever came or bought (at the store): when they last did, how
#: often they came and what they spent in the year up to it.
STANDING = """
SELECT a.owner, max(CASE WHEN a.what LIKE 'Visit %' OR a.what LIKE 'Purchase %' THEN a.day END),
  sum(CASE WHEN a.what LIKE 'Visit %' AND a.day > {year_back} THEN 1 ELSE 0 END),
  coalesce(sum(CASE WHEN a.day <= {year_back} THEN 0
    WHEN a.what LIKE 'Purchase %' THEN {paid}
    WHEN a.what LIKE 'TakenBack %' THEN -coalesce({returned}, 0) ELSE 0 END), 0)
FROM (SELECT * FROM acts WHERE :store = '' OR store = :store) a
  JOIN members m ON m.id = a.owner JOIN began b ON b.owner = a.owner
WHERE m.erased_at IS NULL AND m.membership <> 'left' AND (a.what LIKE 'Visit %'
  OR a.what LIKE 'Purchase %' OR a.what LIKE 'TakenBack %')
GROUP BY a.owner
"""
BEGAN = {"joined": "joined b WHERE b.nth = 1", "first": "turns b WHERE b.nth = 1"}
COHORT = """
SELECT {month_of_b}, count(DISTINCT b.owner) FROM {began_by} AND (:store = '' OR b.store = :store)
  AND (:month = 0 OR EXISTS (SELECT 1 FROM visits v WHERE v.owner = b.owner
    AND {month_of_v} - {month_of_b} = :month))
GROUP BY {month_of_b}
"""
REWARDS = """
SELECT day, {reward}, count(*) FROM acts WHERE what LIKE 'Redemption %'
  AND (:store = '' OR store = :store) GROUP BY day, {reward}
"""
BADGES = """
SELECT e.value, e.key, count(*) FROM members m, {badges} e
WHERE m.merged_into IS NULL AND :store = '' GROUP BY e.value, e.key
"""
TENURE = """
SELECT {days} AS stayed, count(*) FROM joined j WHERE j.nth = 1 AND j.day <= :day
  AND (:store = '' OR j.store = :store)
  AND NOT coalesce((SELECT c.is_left FROM changes c WHERE c.owner = j.owner AND c.day <= :day
    ORDER BY c.at DESC, c.seq DESC LIMIT 1), false)
GROUP BY {days}
"""
BROUGHT = """
SELECT p.owner, count(*), sum(CASE WHEN EXISTS (SELECT 1 FROM turns t WHERE t.owner = f.id
  AND t.nth = 2) THEN 1 ELSE 0 END)
FROM members f JOIN people p ON p.card = f.referred_by
WHERE f.merged_into IS NULL AND f.erased_at IS NULL GROUP BY p.owner
"""


class SheetOracle(Oracle):
    """The history, asked by the definitions of what stands on sheets."""

    def __init__(self, club: SmallClub) -> None:
        super().__init__(club.store)
        lite = club.store.is_sqlite
        self._words |= {
            "year_back": "date(:day, '-365 days')" if lite else "CAST(:day AS date) - 365",
            "month_of_b": self._month("b.day"),
            "month_of_v": self._month("v.day"),
            "reward": (
                "json_extract(substr(what, 12), '$.reward')"
                if lite
                else "CAST(substr(what, 12) AS json) ->> 'reward'"
            ),
            "badges": (
                "json_each(m.facts, '$.badges')"
                if lite
                else "json_each_text(CAST(m.facts AS json) -> 'badges')"
            ),
            "days": (
                "CAST(julianday(:day) - julianday(j.day) AS INTEGER)"
                if lite
                else "CAST(:day AS date) - j.day"
            ),
            **{f"{by}_by": rows for by, rows in BEGAN.items()},
        }

    def _month(self, day: str) -> str:
        if self._store.is_sqlite:
            year, month = (f"CAST(strftime('{part}', {day}) AS INTEGER)" for part in ("%Y", "%m"))
            return f"(12 * {year} + {month} - 1)"
        return f"CAST(12 * extract(year FROM {day}) + extract(month FROM {day}) - 1 AS integer)"

    def cohort(self, by: CohortBy, month: int, store: str) -> dict[date, int]:
        """How many of each came in that month after it; in 0 how many they are."""
        self._words["began_by"] = BEGAN[by]
        rows = self._run(COHORT, store=store, month=month)
        return {date(int(n) // 12, int(n) % 12 + 1, 1): int(count) for n, count in rows}

    def standing(self, store: str, day: date) -> dict[int, tuple[date, int, int]]:
        rows = self._run(STANDING, store=store, day=self._day(day))
        return {
            owner: (_day(last), int(visits), max(0, int(yen)))
            for owner, last, visits, yen in rows
            if last is not None
        }

    def items(self, store: str) -> Counter[tuple[str, date]]:
        found: Counter[tuple[str, date]] = Counter()
        for day, reward, count in self._run(REWARDS, store=store):
            found[f"reward:{reward}", _day(day)] += int(count)
        for day, badge, count in self._run(BADGES, store=store):
            found[f"badge:{badge}", _day(day)] += int(count)
        return found

    def tenure(self, store: str, day: date) -> Counter[int]:
        found: Counter[int] = Counter()
        for days, count in self._run(TENURE, store=store, day=self._day(day)):
            band = sum(int(days) >= low for low in TENURE_DAYS) - 1
            found[band] += int(count)
        return found

    def average_days(self, store: str, day: date) -> float | None:
        rows = self._run(TENURE, store=store, day=self._day(day))
        days = [int(days) for days, count in rows for _ in range(count)]
        return sum(days) / len(days) if days else None

    def brought(self) -> dict[int, tuple[int, int]]:
        return {owner: (int(n), int(again)) for owner, n, again in self._run(BROUGHT)}

    def _day(self, day: date) -> Any:
        return day.isoformat() if self._store.is_sqlite else day


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


@pytest.fixture
def club(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, SOON) as club:
        yield club


def today(club: SmallClub) -> date:
    return club.timeline.at(club.now).programme.shop.business_date(club.now)


def kept(club: SmallClub, sheet: Any, store: str) -> list[tuple[str, date, int]]:
    with club.store.read() as uow:
        rows = sheets.of_days(uow, sheet, DaySpan(date(2000, 1, 1), date(2100, 1, 1)), store=store)
    return [row for row in rows if row[2]]


def is_right(club: SmallClub) -> None:
    """Holds each sheet of each store against the history."""
    keeps(club)
    oracle, day = SheetOracle(club), today(club)
    for store in STORES:
        _cohorts_are_right(club, oracle, store, day)
        assert {(f, on): n for f, on, n in kept(club, ITEM_SHEET, store)} == oracle.items(store)
        for on in (day, day - timedelta(days=40)):
            steps = [(f, n) for f, at, n in kept(club, TENURE_SHEET, store) if at <= on]
            levels = Counter({f: 0 for f, _ in steps})
            for figure, value in steps:
                levels[figure] += value
            bands = {n: levels[tenure_figure(n)] for n in range(len(TENURE_DAYS))}
            assert {n: v for n, v in bands.items() if v} == oracle.tenure(store, on)
            assert tenure(levels.items(), on).average == oracle.average_days(store, on)
        _standing_is_right(club, oracle, store, day)
    _ways_are_right(club, day)
    with club.store.read() as uow:
        told = oracle.brought()
        found = friends.brought_by(uow, list(told))
        assert {each: (did.friends, did.again) for each, did in found.items()} == told
        here = oracle.standing("", day)
        listed = friends.who_brought(uow, store="")
    assert {each: (did.friends, did.again) for each, did in listed} == {
        each: did for each, did in told.items() if each in here
    }


def _cohorts_are_right(club: SmallClub, oracle: SheetOracle, store: str, day: date) -> None:
    rows = kept(club, COHORT_SHEET, store)
    for by in COHORTS:
        shown = cohorts(by, rows, day)
        for month in range(COHORT_MONTHS + 1):
            told = oracle.cohort(by, month, store)
            for each in shown:
                if month == 0:
                    assert each.size == told.get(each.month, 0), (by, each.month)
                elif add_months(each.month, month) < month_start(day):
                    assert each.came[month - 1] == told.get(each.month, 0), (by, each.month, month)
                else:
                    assert len(each.came) < month


def _standing_is_right(club: SmallClub, oracle: SheetOracle, store: str, day: date) -> None:
    told = oracle.standing(store, day)
    with club.store.read() as uow:
        asked = sheets.StandingAsked(store, "last_on")
        rows = sheets.standing(uow, asked, limit=999)
        cells = sheets.of_today(uow, GRID_SHEET, store=store)
        core = sheets.of_today(uow, CORE_SHEET, store=store)

        def spent(band: int) -> list[int]:
            return sheets.spent(uow, store, band, band_end(band))

        assert {r.member_id: (r.last_on, r.visits, r.yen) for r in rows} == told
        visits = sorted((stands[1] for stands in told.values()), reverse=True)
        yen = sorted((stands[2] for stands in told.values()), reverse=True)
        for share in CORE_SHARES:
            _is_smallest(core_of_visits(core, share), visits)
            _is_smallest(core_of_yen(core, share, spent), yen)
    grid = Grid(cells)
    for recency in RECENCIES:
        for frequency in FREQUENCIES:
            there = [e for e in told.values() if _in(e, recency, frequency, day)]
            cell = grid.cell(recency, frequency)
            assert (cell.people, cell.yen) == (len(there), sum(each[2] for each in there))
            for part in MONEY_PARTS[1:] if grid.cuts else ():
                low, high = grid.spans(part)
                those = [e for e in there if low <= e[2] and (high is None or e[2] < high)]
                assert grid.cell(recency, frequency, part).people == len(those)


def _in(stands: tuple[date, int, int], recency: int, frequency: int, day: date) -> bool:
    days, low = (day - stands[0]).days, (0, *RECENCY_DAYS)[recency]
    high = (*RECENCY_DAYS, 10**6)[recency]
    most = (*FREQUENCY, 10**6)[frequency + 1]
    return low <= days < high and FREQUENCY[frequency] <= stands[1] < most


def _is_smallest(found: Any, worth: list[int]) -> None:
    """So many of the best make the share, and one less don't."""
    total = sum(worth)
    assert (found.of_all, found.of_people) == (total, sum(each > 0 for each in worth))
    assert found.makes == sum(worth[: found.people])
    assert 100 * found.makes >= found.share * total
    if found.people:
        assert 100 * sum(worth[: found.people - 1]) < found.share * total


def _ways_are_right(club: SmallClub, day: date) -> None:
    """Against the funnel as the command reads it from the histories."""
    shop = club.timeline.at(club.now).programme.shop
    first, last = club.now - timedelta(days=4000), club.now + timedelta(days=1)
    found = list(funnel.members_since(club.store, first, last, shop.business_date))
    for ladder, sheet in WAY_SHEETS.items():
        told: dict[date, FunnelTally] = {}
        for each in found:
            assert each.joined is not None
            tally = told.setdefault(month_start(each.joined), FunnelTally())
            tally.add(each, day, ladder=ladder)
        rows = kept(club, sheet, "")
        by_month = {on: tally_of((f, n) for f, at, n in rows if at == on) for _, on, _ in rows}
        assert by_month.keys() == told.keys()
        for month, tally in told.items():
            assert by_month[month].funnel() == tally.funnel(), month


class FriendlyLives(Lives):
    """Some of those who join are brought by others."""

    def joins(self) -> None:
        by = self.one() if self.cards and self.chance.random() < 0.6 else None
        self.cards.append(self.club.joins(referred_by=by))


@pytest.mark.parametrize("seed", range(2))
def test_all_sheets_are_what_the_history_tells(club: SmallClub, seed: int) -> None:
    lives = FriendlyLives(club, random.Random(seed))
    for _ in range(5):
        lives.joins()
    for n in range(120):
        lives.lives()
        if n % 40 == 39:
            is_right(club)
    # All of it moves by itself, too: nobody does anything any more.
    for days in (1, 25, 40, 100, 200, 250):
        club.passes(days=days)
        nightly.run_if_due(club.club)
        is_right(club)


def test_who_leaves_stands_nowhere_and_stands_again_when_they_come_back(club: SmallClub) -> None:
    sakura = club.joins()
    club.visits(sakura)
    is_right(club)
    states: tuple[tuple[Membership, int], ...] = (("left", 0), ("active", 1))
    for state, people in states:
        with club.work(MANAGER, key=club.key()) as work:
            change_membership(work, sakura, state, at=club.now)
        is_right(club)
        with club.store.read() as uow:
            assert Grid(sheets.of_today(uow, GRID_SHEET, store="")).people == people
