"""A lively club by its public doors alone, against a sum done by hand from docs/program.md."""

import ast
import re
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from types import ModuleType
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.store.tables import entries, lots, members
from rules.science.pattern import pattern_of
from tests.chance import TIMES
from tests.conftest import FreshDatabase
from tests.handlers.pages.staff.conftest import PASSWORD, Desks, WallClock
from tests.handlers.pages.staff.counters import Counter, of
from tests.journeys import oracle, oracle_scores
from tests.journeys.conftest import SUNDAY
from tests.journeys.oracle import Account, Event
from tests.journeys.oracle_scores import Visits, Weights
from tests.journeys.town import Customer, Town, town

FOLDER = Path(__file__).parent
#: By the shop's clock; past one in the morning it is still the day before.
_HOURS = (9, 12, 19)
_WAYS = ("scan", "scan", "paid", "bag", "receipt", "code", "slip of the hand")
_GAPS = (1.2, 2.5, 4, 9)


@dataclass(repr=False)
class Club:
    """The people, and what they did, as the oracle is told."""

    town: Town
    counter: Counter
    dice: Random
    people: list[Customer] = field(default_factory=list)
    lives: dict[str, list[Event]] = field(default_factory=dict)
    #: Who came by whose invitation: by the friend's account, the other's.
    brought_by: dict[str, str] = field(default_factory=dict)
    #: The doors that were gone through.
    ways: Tally[str] = field(default_factory=Tally)

    @property
    def now(self) -> datetime:
        zone = self.town.club.timeline().latest.programme.shop.zone
        return self.town.club.now().astimezone(zone).replace(tzinfo=None)

    def notes(self, who: Customer, *events: tuple[str, object], scan: str = "") -> None:
        life = self.lives.setdefault(who.user_id, [])
        for n, (what, value) in enumerate(events):
            life.append(Event(what, self.now + timedelta(microseconds=n), value, scan))

    def joins(self, by: Customer | None = None) -> None:
        who = self.town.newcomer("ハナ")
        who.follows()
        self.people.append(who)
        self.notes(who, ("joins", None))
        if by is not None:
            told = by.taps("do=referral").text
            [code] = set(re.findall(r"^[A-Z0-9]{6,}$", told, re.MULTILINE))
            who.writes(f"紹介 {code}")
            self.brought_by[who.user_id] = by.user_id

    def tells_birthday(self, who: Customer, month: int, day: int) -> None:
        who.writes("誕生日")
        said = who.writes(f"{month}月{day}日")
        who.taps(said.data("do=birthday&save"))
        self.notes(who, ("birthday", (month, day)))

    def comes(self, who: Customer) -> None:
        way = self.dice.choice(_WAYS)
        self.ways[way] += 1
        match way:
            case "code":
                who.opens(self.town.counter_link())
                self.notes(who, ("visits", "ekimae"))
            case "receipt":
                self._scans(who)
                yen = self.dice.choice((300, 4_900, 7_250))
                number = who.member.number
                add = {"addId": str(uuid4()), "memberNumber": number, "amount": yen}
                assert of(self.counter.posts("add", add))["result"] == "added"
                self.notes(who, ("buys", yen))
            case "paid":
                self._scans(who, yen=self.dice.choice((480, 999, 3_000, 8_000)))
            case "bag":
                self._scans(who, yen=1_200, bag=True)
            case "slip of the hand":
                action = self._scans(who, yen=5_000)
                asked = {
                    "action": action,
                    "undoId": str(uuid4()),
                    "memberNumber": who.member.number,
                }
                done = of(self.counter.posts("undo", asked))
                assert done["result"] == "undone", done
                life = self.lives[who.user_id]
                self.lives[who.user_id] = [event for event in life if event.scan != action]
            case _:
                self._scans(who)

    def _scans(self, who: Customer, *, yen: int = 0, bag: bool = False) -> str:
        more = {"amount": yen} if yen else {}
        answer = self.counter.scans(who.member, **more, **({"eco": ["own_bag"]} if bag else {}))
        assert answer["result"] == "checked_in", answer
        action = str(answer["action"])
        done: list[tuple[str, object]] = [("visits", "ekimae")]
        done += [("buys", yen)] if yen else []
        done += [("eco", None)] if bag else []
        self.notes(who, *done, scan=action)
        return action

    def takes_tea(self, who: Customer) -> None:
        if who.member.facts.balance < 80:
            return
        asked = {"useId": str(uuid4()), "memberNumber": who.member.number, "reward": "tea"}
        answer = of(self.counter.posts("redeem", asked | {"voucher": None, "secret": PASSWORD}))
        assert answer["result"] == "redeemed", (answer["line"], answer["next"])
        self.ways["tea"] += 1
        self.notes(who, ("takes", None))

    def lives_on(self, days: int) -> Iterator[date]:
        shop = self.town.club.timeline().latest.programme.shop
        for n in range(days):
            day = self.town.today() + timedelta(days=1)
            hour = self.dice.choice(_HOURS)
            self.town.travels_to_day(day, hour=hour)
            if n in (3, 9, 40):
                self.joins(self.people[0] if n > 3 else None)
            if n == 12:
                self.tells_birthday(self.people[0], 1, 20)
                self.tells_birthday(self.people[1], day.month, day.day)
            if not shop.is_open(day):
                continue
            for who, gap in zip(self.people, _GAPS, strict=False):
                # Everybody has weeks of rest.
                rests = (n // 25 + self.people.index(who)) % 4 == 0
                if self.dice.random() * gap < 1 and not rests:
                    self.comes(who)
                    if self.dice.random() < 0.15:
                        self.takes_tea(who)
            yield day

    def expected(self, who: Customer) -> Account:
        life = [*self.lives[who.user_id]]
        for friend, by in self.brought_by.items():
            came = [each.at for each in self.lives[friend] if each.what == "visits"]
            if came and who.user_id in (friend, by):
                what = "referred" if who.user_id == friend else "referral"
                life.append(Event(what, min(came)))
        return oracle.account(life, self.town.today())

    def weights(self) -> Weights:
        """What the club has learned by now of its members' returns."""
        models = self.town.club.timeline().models
        return {ahead: each.weights for ahead, each in models.by_horizon.items()}


@pytest.fixture
def harbour(fresh_sqlite: FreshDatabase, tmp_path: Path) -> Iterator[Club]:
    programme = str(FOLDER / "oracle.toml")
    with fresh_sqlite() as url, town(url, tmp_path, programme=programme) as running:
        running.simulator.set_offset(SUNDAY - datetime.now(UTC))
        desks = Desks(running.club, running.http.application, WallClock())
        device = desks.device()
        desks.hires("hana")
        assert device.logs_in("hana").status_code == 303
        club = Club(running, Counter(desks, device), Random(5))
        club.joins()
        yield club


def had(club: Club, who: Customer) -> dict[str, object]:
    """What the club has written down of a member, by the oracle's names."""
    member = who.member
    with club.town.club.work() as work:
        facts = work.settled(member)
        rows = work.uow.run(select(entries).where(entries.c.member_id == member.id)).all()
        drifts = work.uow.run(select(members.c.drift_on).where(members.c.id == member.id))
        left = work.uow.run(select(lots).where(lots.c.member_id == member.id, lots.c.left > 0))
        due: Tally[date] = Tally()
        for row in left:
            due[row.expires_on] += row.left
        pattern = pattern_of(facts, work.day)
        models = work.timeline.models.by_horizon.items()
        chances = {ahead: round(each.chance(pattern), 6) for ahead, each in models if pattern}
        drifts_on = drifts.scalar_one()
    points: Tally[str] = Tally()
    for row in rows:
        points[row.rule] += row.points
    streak = facts.streaks.get("weekly")
    in_hand = [held for held in facts.vouchers if held.until >= club.town.today()]
    return {
        "points": {rule: n for rule, n in points.items() if n},
        "balance": facts.balance,
        "lots": dict(due),
        "rank": facts.rank.id or "",
        "badges": dict(facts.badges),
        "visits": facts.visits,
        "spend": facts.spend,
        "streak": (streak.weeks, streak.freezes) if streak else (0, 0),
        "stamps": sorted((v.n, v.given_on) for v in in_hand if v.reward == "stamps"),
        "drifts": drifts_on,
        "chances": chances,
    }


def should_have(club: Club, who: Customer) -> dict[str, object]:
    found = club.expected(who)
    good = [(n, on) for n, on in found.stamps if found.today <= on + timedelta(days=59)]
    came, weights = sorted({*found.visit_days}), club.weights()
    visits = Visits(tuple(came), found.spend) if came else None
    chances = {
        ahead: round(visits.chance(weights, ahead, found.today), 6) for ahead in weights if visits
    }
    return {
        "points": {rule: n for rule, n in found.points.items() if n},
        "balance": found.balance,
        "lots": found.due,
        "rank": oracle.RANKS[found.rank],
        "badges": found.badges,
        "visits": found.visits,
        "spend": found.spend,
        "streak": (found.weeks, found.freezes),
        "stamps": good,
        "drifts": visits.drifts_on(weights) if visits else None,
        "chances": chances,
    }


def differences(had: dict[str, object], should: dict[str, object]) -> dict[str, object]:
    """What differs: as it is, and as it should be."""
    return {name: (had[name], should[name]) for name in had if had[name] != should[name]}


@pytest.mark.soak
def test_a_life_by_the_doors_comes_to_what_a_pencil_says(harbour: Club) -> None:
    for day in harbour.lives_on(100 if TIMES == 1 else 400):
        if day.weekday() == 6:
            for who in harbour.people:
                assert differences(had(harbour, who), should_have(harbour, who)) == {}, day
    assert harbour.town.adds_up()
    assert len(harbour.ways) == 7, "a door was never gone through"
    given = {rule for who in harbour.people for rule in harbour.expected(who).points}
    assert {"referral", "referred"} <= given


@pytest.mark.parametrize("its", [oracle, oracle_scores])
def test_the_oracle_knows_nothing_of_what_it_is_to_judge(its: ModuleType) -> None:
    tree = ast.parse(Path(its.__file__ or "").read_text(encoding="utf-8"))
    froms = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert froms <= {
        *("collections", "collections.abc", "dataclasses", "datetime", "itertools", "math"),
        *("statistics", "typing"),
    }
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.Import)]
