"""What members of the club of oracle.toml must have, worked out by hand from docs/program.md.

It imports nothing of Kayoi's: whoever doubts a figure can do the same sum with a pencil.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

DAY, WEEK = timedelta(days=1), timedelta(days=7)
RANKS = ("", "bronze", "silver", "gold")
ASKS = {"bronze": 3, "silver": 7, "gold": 11}


@dataclass(frozen=True)
class Event:
    """Something a member did, by the shop's clock; `what` is joins, visits, buys, eco, birthday,
    takes, referral (a friend of theirs came for the first time) or referred (they did)."""

    what: str
    at: datetime
    value: Any = None
    #: By which the scan it belongs to can be taken back.
    scan: str = ""

    @property
    def day(self) -> date:
        """The business day: until four in the morning it is still yesterday."""
        return (self.at - timedelta(hours=4)).date()


@dataclass
class Account:
    """One member, and the sums so far."""

    joined: date
    today: date
    points: Counter[str] = field(default_factory=Counter)
    #: What each grant left, by the day on which it goes.
    lots: list[list[Any]] = field(default_factory=list)
    badges: dict[str, date] = field(default_factory=dict)
    visit_days: list[date] = field(default_factory=list)
    visits: int = 0
    rank: int = 0
    #: Since when that rank is held.
    since: date | None = None
    short: int = 0
    lost: int = 0
    lost_on: date | None = None
    weeks: int = 0
    freezes: int = 0
    met: date | None = None
    born: tuple[int, int] | None = None
    spend: int = 0
    count: Counter[str] = field(default_factory=Counter)
    stamps: list[tuple[int, date]] = field(default_factory=list)
    bought: Counter[date] = field(default_factory=Counter)
    bags: Counter[date] = field(default_factory=Counter)

    @property
    def balance(self) -> int:
        return sum(left for _, left in self.lots)

    @property
    def due(self) -> dict[date, int]:
        """How many points go on which day."""
        found: Counter[date] = Counter()
        for goes, left in self.lots:
            found[goes] += left
        return {goes: left for goes, left in found.items() if left}

    # ── The calendar ──

    def nights_to(self, day: date) -> None:
        while self.today < day:
            self.today += DAY
            self._morning()

    def _morning(self) -> None:
        day = self.today
        if day.weekday() == 0:
            self._week_ended(day)
        if day.day == 1:
            self._month_ended(day)
        gone = sum(left for goes, left in self.lots if goes <= day)
        if gone:
            self.points["expiry"] -= gone
            self.lots = [lot for lot in self.lots if lot[0] > day]
        if self.born == (day.month, day.day):
            self._has_birthday()
        if (day.month, day.day) == (self.joined.month, self.joined.day):
            self._gives("anniversary", 200)
            self.badges.setdefault("year", day)

    def _has_birthday(self) -> None:
        if self.count[f"birthday {self.today.year}"] == 0:
            self.count[f"birthday {self.today.year}"] += 1
            self._gives("birthday", 100)

    def _week_ended(self, monday: date) -> None:
        """Nobody came in the week before: a week off is used, or the row is over."""
        if self.weeks and self.met != monday - WEEK:
            if self.freezes:
                self.freezes -= 1
            else:
                self.weeks = 0

    def _month_ended(self, first: date) -> None:
        last = first - DAY
        came = sum((d.year, d.month) == (last.year, last.month) for d in self.visit_days)
        if self.rank and self.since and self.since > last.replace(day=1):
            # A month in which it was won, or came back, costs nobody a rank.
            return
        if not self.rank or came >= ASKS[RANKS[self.rank]]:
            self.short = 0
            return
        self.short += 1
        if self.short > 1:
            self.lost, self.lost_on = self.rank, first
            self.rank, self.short, self.since = self.rank - 1, 0, first

    # ── What they do ──

    def joins(self) -> None:
        self._gives("welcome", 50)

    def tells_birthday(self, month: int, day: int) -> None:
        self.born = (month, day)
        self._gives("profile", 30)

    def comes(self, at: datetime, store: str) -> None:
        day = self.today
        self.visits += 1
        self.visit_days.append(day)
        self.count[store] += 1
        was_gold = RANKS[self.rank] == "gold"
        rules = {"visit": 10}
        if store == "kawabe" and self.count[store] % 3 == 0:
            rules["riverside"] = 15
        if was_gold:
            rules["gold_visit"] = 5
        self._gives_all(rules, bonus=3 if day.weekday() == 4 else 0)
        self._climbs()
        self._counts_week()
        self._visit_badges(at)
        if self.visits % 8 == 0:
            self.stamps.append((self.visits // 8, day))

    def _climbs(self) -> None:
        month = sum(
            (d.year, d.month) == (self.today.year, self.today.month) for d in self.visit_days
        )
        reached = sum(month >= ASKS[each] for each in RANKS[1:])
        revives = self.lost_on is not None and self.today < self.lost_on + timedelta(days=30)
        before, self.rank = self.rank, max(self.rank, reached, self.lost if revives else 0)
        if self.rank > before:
            self.short, self.since = 0, self.today
        if self.rank >= self.lost:
            self.lost, self.lost_on = 0, None

    def _counts_week(self) -> None:
        monday = self.today - timedelta(days=self.today.weekday())
        if self.met == monday:
            return
        self.met = monday
        self.weeks += 1
        if self.weeks % 4 == 0:
            self.freezes = min(2, self.freezes + 1)
            self._gives("streak", 40)
        if self.weeks >= 5:
            self.badges.setdefault("five_weeks", self.today)

    def _visit_badges(self, at: datetime) -> None:
        day = self.today
        self.count["morning"] += 7 <= at.hour < 10
        self.count["plum"] += (2, 1) <= (at.month, at.day) <= (3, 10)
        if self.visits >= 10 and "ten" not in self.badges:
            self.badges["ten"] = day
            self._gives("badge:ten", 20)
        if self.count["morning"] >= 3:
            self.badges.setdefault("morning", day)
        if self.count["plum"] >= 2:
            self.badges.setdefault("plum", day)
        if self.count["kawabe"] and self.count["ekimae"]:
            self.badges.setdefault("both", day)

    def buys(self, yen: int) -> None:
        had = self.bought[self.today]
        given = min(yen // 100, 60 - had)
        self.bought[self.today] += given
        self._gives_all({"purchase": given})
        steps = (self.spend + yen) // 10_000 - self.spend // 10_000
        self.spend += yen
        self._gives("spend", 25 * steps)

    def brings_bag(self) -> None:
        monday = self.today - timedelta(days=self.today.weekday())
        self.count["eco"] += 1
        if self.bags[monday] < 2:
            self.bags[monday] += 1
            self._gives("eco", 5)
        if self.count["eco"] >= 4:
            self.badges.setdefault("bags", self.today)

    def takes_tea(self) -> None:
        self.points["reward:tea"] -= 80
        due = 80
        for lot in self.lots:
            used = min(lot[1], due)
            lot[1] -= used
            due -= used
        assert due == 0

    def friend_came(self) -> None:
        month = f"referral {self.today:%Y-%m}"
        self.count[month] += 1
        if self.count[month] == 1:
            self._gives("referral", 70)

    def came_by_friend(self) -> None:
        self._gives("referred", 60)

    # ── Points ──

    def _gives_all(self, rules: dict[str, int], bonus: int = 0) -> None:
        """What the rules give, doubled on the 5th, 15th and 25th, and what a day adds."""
        for rule, points in rules.items():
            self._gives(rule, points)
        if self.today.day in (5, 15, 25):
            self._gives("campaign:fives", sum(rules.values()))
        self._gives("campaign:friday", bonus)

    def _gives(self, rule: str, points: int) -> None:
        if points <= 0:
            return
        self.points[rule] += points
        self.lots.append([_end_of_month(self.today, months=4), points])


def _end_of_month(day: date, *, months: int) -> date:
    """The first day after the month that is so many months after `day`'s."""
    month = day.month - 1 + months + 1
    return date(day.year + month // 12, month % 12 + 1, 1)


def account(events: Iterable[Event], today: date) -> Account:
    """The sums of that life up to and with `today`; what was taken back is not among `events`."""
    first, *rest = sorted(events, key=lambda event: event.at)
    found = Account(first.day, first.day)
    found.joins()
    for event in rest:
        found.nights_to(event.day)
        match event.what:
            case "visits":
                found.comes(event.at, event.value)
            case "buys":
                found.buys(event.value)
            case "eco":
                found.brings_bag()
            case "birthday":
                found.tells_birthday(*event.value)
            case "takes":
                found.takes_tea()
            case "referral":
                found.friend_came()
            case "referred":
                found.came_by_friend()
    found.nights_to(today)
    return found
