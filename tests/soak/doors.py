"""A small club lived by its doors: the chat, the counter, slips, receipts brought later, friends,
the night, cards put together; and the watch over what is told, asked at the end of each day."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

from bot.codes import RewardUse
from bot.store.history.slips import Slip, SlipWorth
from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.counter.redeem import redeem
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.members.membership import change_membership
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.members.one_time_codes import readable
from handlers.actions.orders.slips import make_slip
from rules.activity import Membership
from rules.programme.rewards import in_hand, on_offer, standing
from tests.handlers.clubs import DESK, MANAGER
from tests.handlers.pages.staff.conftest import Desks, WallClock
from tests.handlers.pages.staff.counters import Counter, of
from tests.journeys.town import Customer, Town, town

from .wins import Telling

#: When people come, and when the day is looked back on; by the shop's clock.
_MORNING, _HOURS, _EVENING, _LATE = 9, (11, 15, 18), 21, 22
_DAY = timedelta(days=1)
_NAMES = ("さくら", "もも", "", "Ken")


@dataclass(repr=False)
class Neighbour:
    """A member and their habits; without a LINE account their card is of paper."""

    member_id: int
    customer: Customer | None
    gap: int
    away: bool = False
    blocked: bool = False
    read: int = 0


#: A Sunday at noon in Tokyo, in the middle of a month.
_FIRST = datetime(2037, 11, 15, 3, tzinfo=UTC)


@dataclass(repr=False)
class Street:
    """The people around the shop, and what is still to be done today."""

    town: Town
    counter: Counter
    dice: Random
    telling: Telling
    people: list[Neighbour] = field(default_factory=list)
    #: Who comes this evening and brings a receipt, and slips to be typed tomorrow.
    receipts: list[Neighbour] = field(default_factory=list)
    slips: list[tuple[Neighbour, str]] = field(default_factory=list)
    #: The doors that were gone through.
    ways: set[str] = field(default_factory=set)

    # ── Who they are ──

    def member(self, one: Neighbour) -> Member:
        with self.town.club.store.read() as uow:
            member = members.get(uow, one.member_id)
        assert member is not None
        return member

    def moves_in(self) -> None:
        dice = self.dice
        gap = dice.choice((1, 2, 3, 3, 5, 9))
        if dice.random() < 0.15:
            self.people.append(Neighbour(self.counter.joins().id, None, gap))
            return
        customer = self.town.newcomer(dice.choice(_NAMES), dice.choice(("ja", "ja", "en")))
        customer.follows()
        one = Neighbour(customer.member.id, customer, gap)
        self.people.append(one)
        friend = self._somebody(of_line=True)
        if (
            friend
            and friend.customer
            and not friend.blocked
            and friend is not one
            and dice.random() < 0.7
        ):
            said = friend.customer.taps("do=referral").text
            codes = set(re.findall(r"^[A-Z0-9]{6,}$", said, re.MULTILINE))
            for code in codes:
                customer.writes(f"紹介 {code}")
        if dice.random() < 0.7:
            customer.writes("誕生日")
            born = customer.writes(f"{dice.randint(1, 12)}月{dice.randint(1, 28)}日")
            customer.taps(born.data("do=birthday&save"))
        self.looks()

    def _somebody(self, *, of_line: bool) -> Neighbour | None:
        those = [each for each in self.people if bool(each.customer) is of_line and not each.away]
        return self.dice.choice(those) if those else None

    # ── What they do ──

    def comes(self, one: Neighbour) -> None:
        ways = ["scan", "scan", "paid", "receipt", "late"]
        if one.customer and not one.blocked:
            ways += ["code", "code", "slip"]
        way = self.dice.choice(ways)
        self.ways.add(way)
        getattr(self, f"_{way}")(one)
        if self.dice.random() < 0.2:
            self._uses(one)
        self.looks()

    def _answered(self, one: Neighbour, answer: object) -> None:
        """Without LINE they are told by who stands there."""
        if one.customer is None:
            now = self.town.club.now()
            self.telling.hears(self.member(one), answer, via="counter", at=now)

    def _scan(self, one: Neighbour, **more: object) -> None:
        self._answered(one, self.counter.scans(self.member(one), **more))

    def _paid(self, one: Neighbour) -> None:
        more = {"eco": ["own_bag"]} if self.dice.random() < 0.5 else {}
        self._scan(one, amount=self.dice.choice((480, 900, 2_400, 12_000)), **more)

    def _receipt(self, one: Neighbour) -> None:
        """Late in the evening, when nothing is sent any more, and the receipt by itself."""
        self.receipts.append(one)

    def _late(self, one: Neighbour) -> None:
        """Scanned where there was no network, and sent hours later."""
        wall = datetime.now(UTC)
        at = wall - timedelta(hours=self.dice.choice((1, 5, 26)))
        self._scan(one, at=at.isoformat(), sentAt=wall.isoformat(), offline=True)

    def _code(self, one: Neighbour) -> None:
        assert one.customer is not None
        one.customer.opens(self.town.counter_link())

    def _slip(self, one: Neighbour) -> None:
        with self.town.club.work(DESK, key=f"staff:{uuid4()}") as work:
            slip = make_slip(work, SlipWorth(visit=True, yen=1_200), at=work.now)
        if isinstance(slip, Slip):
            self.slips.append((one, readable(slip.code)))

    def _uses(self, one: Neighbour) -> None:
        with self.town.club.work(DESK, key=f"staff:{uuid4()}") as work:
            facts = work.settled(members.lock(work.uow, one.member_id))
            held = in_hand(facts, work.day)
            dear = [r for r in work.programme.rewards if on_offer(r, work.day)]
            can = [r for r in dear if standing(r, facts, work.day).ready]
            if held:
                use = RewardUse(held[0].reward, held[0].n)
            elif can:
                use = RewardUse(can[-1].id)
            else:
                return
            redeem(work, one.member_id, use, at=work.now, store="ekimae")

    def brings(self, one: Neighbour) -> None:
        """A visit, and then the receipt that was forgotten."""
        self._scan(one)
        self.looks()
        number = self.member(one).number
        add = {"addId": str(uuid4()), "memberNumber": number, "amount": 8_000}
        self._answered(one, of(self.counter.posts("add", add)))
        self.looks()

    def types(self, one: Neighbour, code: str) -> None:
        if one.customer and not one.blocked and one in self.people:
            one.customer.writes(f"ポイント {code}")
            self.looks()

    def has_moods(self) -> None:
        """Somebody rests, comes back, blocks; a visit is undone; two cards become one."""
        one = self.dice.choice(self.people)
        match self.dice.randint(0, 11):
            case 0 | 1:
                one.away = not one.away
                self._is(one, "paused" if one.away else "active")
            case 2 if one.customer:
                one.blocked = not one.blocked
                (one.customer.blocks if one.blocked else one.customer.follows)()
            case 3 | 4:
                self._is_undone(one)
            case 5 if not one.away and not one.blocked:
                self._puts_together(one)

    def _is(self, one: Neighbour, state: Membership) -> None:
        with self.town.club.work("staff", key=f"staff:{uuid4()}") as work:
            change_membership(work, one.member_id, state, at=work.now)

    def _is_undone(self, one: Neighbour) -> None:
        answer = self.counter.scans(self.member(one))
        if answer["action"]:
            with self.town.club.work(MANAGER, key=f"staff:{uuid4()}") as work:
                undo(work, UndoRequest(one.member_id, answer["action"], "間違い"))
            self.ways.add("undo")

    def _puts_together(self, one: Neighbour) -> None:
        other = self._somebody(of_line=self.dice.random() < 0.3)
        if one.customer is None or other in (None, one) or other.blocked:
            return
        with self.town.club.work(DESK, key=f"staff:{uuid4()}") as work:
            if merge(work, MergeRequest(one.member_id, other.member_id)).refused:
                return
        self.ways.add("merge")
        self.people.remove(other)
        self.telling.joins(one.member_id, other.member_id)
        self.looks()

    # ── What is read ──

    def looks(self, *, by_night: bool = False) -> None:
        """Notes what anybody has won since the last look; `by_night`: while nobody was there."""
        with self.town.club.store.read() as uow:
            for one in self.people:
                member = members.get(uow, one.member_id)
                assert member is not None
                excuse = "no LINE" if by_night and one.customer is None else ""
                self.telling.looks(uow, member, self.town.club.now(), excuse=excuse)

    def reads(self) -> None:
        """Everybody reads what has come."""
        for one in self.people:
            if one.customer is None:
                continue
            entries = self.town.simulator.lines(one.customer.user_id, after=one.read)
            one.read = max([one.read, *(each.id for each in entries)])
            member = self.member(one)
            for each in entries:
                if each.side == "bot":
                    at = datetime.fromtimestamp(each.at_ms / 1_000, UTC)
                    self.telling.hears(member, dict(each.body), via=each.via, at=at)

    def looks_back(self) -> None:
        """The day's end."""
        self.reads()
        with self.town.club.store.read() as uow:
            for one in self.people:
                member = members.get(uow, one.member_id)
                assert member is not None
                self.telling.closes(uow, member, self.town.club.now(), deaf=_deaf(one))


def _deaf(one: Neighbour) -> str:
    if one.blocked:
        return "blocked"
    if one.away:
        return "resting"
    return ""


@contextmanager
def founded(database_url: str, folder: Path, *, seed: int) -> Iterator[Street]:
    """The café on a migrated database, with a device at its counter, and nobody there yet."""
    with town(database_url, folder) as shop:
        shop.simulator.set_offset(_FIRST - datetime.now(UTC))
        desks = Desks(shop.club, shop.http.application, WallClock())
        device = desks.device()
        desks.hires("hana")
        assert device.logs_in("hana").status_code == 303
        yield Street(shop, Counter(desks, device), Random(seed), Telling(shop.club))


def lives(street: Street, *, members: int, days: int) -> Iterator[date]:
    """From day to day, each given when it is over."""
    town, dice = street.town, street.dice
    for offset in range(days):
        day = town.today() + _DAY
        if len(street.people) < members and (offset % 3 == 0 or offset < 4):
            street.moves_in()
        # What the night brought is known before anything is sent.
        town.travels_to_day(day, hour=_MORNING)
        street.looks(by_night=True)
        town.travels_to_day(day, hour=_HOURS[0])
        slips, street.slips = street.slips, []
        for one, code in slips:
            street.types(one, code)
        for hour in _HOURS:
            town.travels_to_day(day, hour=hour)
            for one in street.people[hour % 3 :: 3]:
                if not one.away and dice.random() * one.gap < 1:
                    street.comes(one)
        town.travels_to_day(day, hour=_EVENING)
        street.looks_back()
        town.travels_to_day(day, hour=_LATE)
        receipts, street.receipts = street.receipts, []
        for one in receipts:
            if one in street.people:
                street.brings(one)
        if offset % 2:
            street.has_moods()
        yield day
