"""The club's figures against SQL written anew from their definitions, whatever happened."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import get_args

import pytest
from sqlalchemy import select

from bot.codes import RewardUse
from bot.store.figures import keeping
from bot.store.tables import figures
from handlers.actions.counter.redeem import redeem
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.record import Request, record
from handlers.jobs.night import nightly
from handlers.jobs.night.figures import FigureKeeping
from rules.activity import Membership, Purchase
from rules.figures.sums import ALL
from tests.bot.store.figures.oracle import LEVELS, SUMS, Oracle
from tests.handlers.clubs import MANAGER, SmallClub, club_on
from tests.rules.examples import CAFE, changed

#: Points run out after a month, ranks are lost soon, and the shop is closed on Wednesdays.
SOON = changed(
    CAFE,
    ("closed_weekdays = []", 'closed_weekdays = ["wed"]'),
    (
        'expiry = { kind = "inactivity", months = 12, warn_days = [60, 14] }',
        'expiry = { kind = "lot", months = 1, warn_days = [14] }',
    ),
)
STORES, RANKS = (ALL, "ekimae", "kawabe"), (ALL, "-", "bronze", "silver", "gold")


@pytest.fixture
def club(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, SOON) as club:
        yield club


def kept(club: SmallClub) -> dict[tuple[str, str, str], dict[date, int]]:
    """What is kept, by figure, store and rank."""
    found: dict[tuple[str, str, str], dict[date, int]] = {}
    with club.store.read() as uow:
        for row in uow.run(select(figures)):
            if row.value:
                found.setdefault((row.figure, row.store, row.rank), {})[row.day] = row.value
    return found


def keeps(club: SmallClub) -> None:
    FigureKeeping(club.club).follow(seconds_max=60)
    with club.store.read() as uow:
        assert keeping.count_due(uow) == 0


def is_right(club: SmallClub) -> None:
    """Holds every figure, of every store and rank, against the history."""
    keeps(club)
    oracle, found = Oracle(club.store), kept(club)
    days = sorted({day for each in found.values() for day in each})
    some = [*days[::7], *days[-3:]]
    for store in STORES:
        for rank in RANKS:
            for figure in SUMS:
                told = found.get((figure, store, rank), {})
                assert told == oracle.sums(figure, store, rank), (figure, store, rank)
            for figure in LEVELS:
                steps = found.get((figure, store, rank), {})
                for day in some:
                    level = sum(value for on, value in steps.items() if on <= day)
                    assert level == oracle.level(figure, store, rank, day), (
                        figure, store, rank, day,
                    )  # fmt: skip


@dataclass
class Lives:
    """What happens to members, drawn by lot."""

    club: SmallClub
    chance: random.Random
    cards: list[int] = field(default_factory=list)
    keys: list[tuple[int, str]] = field(default_factory=list)

    def one(self) -> int:
        return self.chance.choice(self.cards)

    def joins(self) -> None:
        self.cards.append(self.club.joins())

    def comes(self) -> None:
        for _ in range(3):
            member, key = self.one(), self.club.key()
            store = self.chance.choice(["ekimae", "ekimae", "kawabe"])
            if self.club.visits(member, key=key, store=store).done:
                self.keys.append((member, key))

    def came_before(self) -> None:
        """It arrives late: a telephone had no network, or a receipt was brought."""
        member, key = self.one(), self.club.key()
        at = self.club.now - timedelta(days=self.chance.randrange(1, 20))
        if self.club.visits(member, at=at, key=key, store="kawabe").done:
            self.keys.append((member, key))

    def buys(self) -> None:
        member, key = self.one(), self.club.key()
        bought = Purchase(self.chance.randrange(500, 90_000))
        with self.club.work(MANAGER, key=key) as work:
            if record(work, Request(member, bought, self.club.now, "ekimae")).done:
                self.keys.append((member, key))

    def uses(self) -> None:
        member, key = self.one(), self.club.key()
        with self.club.work(MANAGER, key=key) as work:
            outcome = redeem(work, member, RewardUse("off_100"), at=self.club.now, store="kawabe")
        if outcome.done:
            self.keys.append((member, key))

    def is_undone(self) -> None:
        if self.keys:
            member, key = self.keys.pop(self.chance.randrange(len(self.keys)))
            self.club.undoes(member, key, force=self.chance.random() < 0.5)

    def merges(self) -> None:
        keep, other, key = self.one(), self.one(), self.club.key()
        if keep == other:
            return
        with self.club.work(MANAGER, key=key) as work:
            if merge(work, MergeRequest(keep, other, checked="known")).done:
                self.keys.append((keep, key))

    def changes(self) -> None:
        state = self.chance.choice(get_args(Membership))
        with self.club.work(MANAGER, key=self.club.key()) as work:
            change_membership(work, self.one(), state, at=self.club.now)

    def is_erased(self) -> None:
        if self.chance.random() < 0.3:
            with self.club.work(MANAGER, key=self.club.key()) as work:
                erase(work, self.one())

    def lives(self) -> None:
        ways: list[Callable[[], None]] = [
            *(self.comes, self.comes, self.comes, self.came_before, self.buys, self.uses),
            *(self.is_undone, self.merges, self.changes, self.is_erased, self.joins),
        ]
        self.chance.choice(ways)()
        self.club.passes(days=self.chance.choice([0, 1, 1, 2]), hours=1)
        nightly.run_if_due(self.club.club)


@pytest.mark.parametrize("seed", range(2))
def test_all_figures_are_what_the_history_tells(club: SmallClub, seed: int) -> None:
    lives = Lives(club, random.Random(seed))
    for _ in range(5):
        lives.joins()
    for n in range(120):
        lives.lives()
        if n % 40 == 39:
            is_right(club)
    sakura = club.joins()
    club.visits(sakura)
    for _ in range(8):
        # Ranks go, and somebody leaves who had not come in the year before.
        club.passes(days=50)
        nightly.run_if_due(club.club)
    with club.work(MANAGER, key=club.key()) as work:
        change_membership(work, sakura, "left", at=club.now)
    is_right(club)
    before = kept(club)
    # All that can happen did.
    assert {figure for figure, _, _ in before} >= {*SUMS, *LEVELS}
    keeping.begin_anew(club.store)
    keeps(club)
    assert kept(club) == before
