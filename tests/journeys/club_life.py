"""The demo club living on for years: people come by their own habits, some pause, leave, block the
account or have two cards put together; every message that goes out is read on the day it comes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from bot.codes import RewardUse
from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.counter.check_in import check_in
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.redeem import redeem
from handlers.actions.members.membership import change_membership
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.record import Request
from handlers.actions.recording.work import Work
from handlers.commands import demo
from rules.activity import Membership, Purchase, Visit
from rules.facts import Facts
from rules.programme.programme import Programme
from rules.programme.rewards import in_hand, on_offer, standing
from rules.shop import days
from tests.chance import TIMES
from tests.handlers.pages.staff.conftest import Browser
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.bubbles import Json, lines_of
from tests.journeys.said import Said
from tests.journeys.sentences import Reader
from tests.journeys.surfaces import EVERYTHING, MATTERS, Look
from tests.journeys.town import Customer, Town

DAY = timedelta(days=1)
#: Between visits, in days, for a season at a time; 0: away for all of it.
_GAPS = (1.4, 2.2, 3.5, 5, 8, 16, 0, 0)
_SEASON = (25, 110)


@dataclass(repr=False)
class Person:
    """A member, and the days on which they come."""

    number: int
    member_id: int
    customer: Customer | None
    comes: set[date]

    @property
    def user_id(self) -> str:
        """Their LINE account; empty without one."""
        return self.customer.user_id if self.customer else ""


@dataclass(repr=False)
class Life:
    """The club from one day to the next."""

    town: Town
    counter: Counter
    boss: Browser
    people: list[Person]
    dice: Random
    #: The last entry of all chats that was read.
    read: int = 0
    #: Every text of ours that came by a push, and every next step that a card named.
    pushed: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    ranks: set[str | None] = field(default_factory=set)
    #: What contradicted something else.
    found: list[str] = field(default_factory=list)
    #: How many pushes were held against the card.
    compared: int = 0

    @property
    def today(self) -> date:
        return self.town.today()

    @property
    def programme(self) -> Programme:
        return self.town.club.timeline().latest.programme

    def member(self, person: Person) -> Member:
        with self.town.club.store.read() as uow:
            found = members.get(uow, members.keeper(uow, person.member_id))
        assert found is not None
        return found

    # ── What happens ──

    def passes_to(self, day: date) -> None:
        """Lets the time pass to noon of that day; what comes on the way is read as it comes."""
        self.town.installation.clockwork.travel(self._noon(day), self._moves)
        self.reads_pushes()

    def sleeps_to(self, day: date) -> None:
        """Goes to noon of that day without the night's work."""
        simulator, noon = self.town.simulator, self._noon(day)
        simulator.set_offset(simulator.offset() + (noon - simulator.now()))

    def stays_signed_in(self) -> None:
        """Two years take longer than staff may sit idle."""
        for browser in (self.boss, self.counter.browser):
            assert browser.get("/staff/").status_code == 200

    def _noon(self, day: date) -> datetime:
        return datetime.combine(day, time(12), tzinfo=self.programme.shop.zone)

    def _moves(self, moment: datetime) -> None:
        self.reads_pushes()
        simulator = self.town.simulator
        ahead = max(moment - simulator.now(), timedelta(0))
        simulator.set_offset(simulator.offset() + ahead)

    def comes_by(self, *, deliver: bool) -> None:
        """Who comes today comes, pays, and uses a reward now and then."""
        for person in self.people:
            if self.today in person.comes:
                self.visits(person)
        if deliver:
            self.town.installation.clockwork.deliver()
            self.reads_pushes()

    def visits(self, person: Person) -> None:
        member, dice, store = self.member(person), self.dice, "ekimae"
        with self.town.club.work("staff") as work:
            key, at = f"life:{person.number}:{work.day}", work.now
            done = check_in(
                work.under(f"{key}:visit"), Request(member.id, Visit("staff"), at, store)
            )
            if done.done and dice.random() < 0.7:
                bought = Request(member.id, Purchase(dice.randint(4, 40) * 100), at, store)
                purchase(work.under(f"{key}:purchase"), bought)
            use = self._wanted(work, members.lock(work.uow, member.id).facts)
            if use and dice.random() < 0.15:
                redeem(work.under(f"{key}:use"), member.id, use, at=at, store=store)

    def _wanted(self, work: Work, facts: Facts) -> RewardUse | None:
        held = in_hand(facts, work.day)
        if held:
            return RewardUse(held[0].reward, held[0].n)
        dear = [r for r in work.programme.rewards if on_offer(r, work.day)]
        ready = [r for r in dear if standing(r, facts, work.day).ready]
        return RewardUse(ready[-1].id) if ready else None

    def changes(self, person: Person, state: Membership) -> None:
        with self.town.club.work("staff") as work:
            change_membership(
                work.under(f"life:{person.number}:{work.day}:{state}"),
                self.member(person).id,
                state,
                at=work.now,
            )

    def merges(self, keep: Person, other: Person) -> None:
        with self.town.club.work("staff") as work:
            merge(
                work.under(f"life:{keep.number}:merge"),
                MergeRequest(self.member(keep).id, self.member(other).id),
            )
        self.people.remove(other)

    # ── What is read ──

    def look(self, person: Person) -> Look:
        member = self.member(person)
        reader = Reader(self.programme, member.language)
        return Look(self.town, person.customer, member.number, Said(reader))

    def reads_pushes(self) -> None:
        """Holds every push that has come since against the card as it is now."""
        before, self.read = self.read, self.last_entry
        if before == self.read:
            return
        for person in self.people:
            for message in self._pushes(person, before):
                look = self.look(person)
                self.pushed.update(look.pushed("push", message))
                look.chat(MATTERS)
                self._agree(person, look, " / ".join(lines_of(message)))
                self.compared += 1

    def _pushes(self, person: Person, after: int) -> Iterator[Json]:
        entries = self.town.simulator.lines(person.user_id, after=after) if person.user_id else ()
        for each in entries:
            if each.via == "push":
                yield dict(each.body)

    @property
    def last_entry(self) -> int:
        return self.town.simulator._platform.chat.last_id()

    def looks_everywhere(self, person: Person, about: Look | None = None) -> None:
        """Holds everything that shows the member against each other, and against what `about`
        said of them before."""
        look = about or self.look(person)
        look.chat(MATTERS if about and TIMES == 1 else EVERYTHING)
        look.pages(self.boss)
        self.steps.update(kind for kind, _, _ in look.said.of("next step"))
        self.ranks.update(look.said.of("rank"))
        self._agree(person, look)

    def is_scanned(self, person: Person) -> None:
        """Comes, and is scanned at the counter: what staff see is what the card then shows."""
        look = self.look(person)
        look.scanned(self.counter.scans(self.member(person)))
        self.looks_everywhere(person, look)

    def checks_in(self, person: Person) -> None:
        """Comes, and sends the counter's code: the answer says what the card then shows."""
        assert person.customer is not None
        look = self.look(person)
        person.customer.reads()
        answered = person.customer.opens(self.town.counter_link())
        look.answer("check-in", answered.messages)
        self.looks_everywhere(person, look)

    def _agree(self, person: Person, look: Look, about: str = "") -> None:
        if found := look.said.contradictions:
            self.found.append(f"member {person.number} on {self.today}: {found} {about}")


def founded(town: Town, counter: Counter, boss: Browser, *, count: int, years: int) -> Life:
    """The demo club with so many members and their year behind them, and their plans for so many
    more; and somebody who never comes."""
    for _ in demo.fill(town.club, town.simulator, members=count):
        """One member after the other."""
    with town.club.store.read() as uow:
        known = [members.get(uow, number) for number in range(1, count + 1)]
    first, last = town.today() + DAY, town.today() + DAY * 365 * years
    people = []
    for number, member in enumerate(known):
        assert member is not None
        user = member.line_user_id
        customer = Customer(town, user, "") if user else None
        people.append(Person(number, member.id, customer, _plan(number, first, last)))
    stranger = town.newcomer()
    stranger.follows()
    people.append(Person(count, stranger.member.id, stranger, set()))
    life = Life(town, counter, boss, people, Random(count))
    life.read = life.last_entry
    return life


def _plan(number: int, first: date, last: date) -> set[date]:
    """On which days they come: often for a season, seldom or never for another."""
    dice, comes, day = Random(number), set[date](), first
    while day < last:
        ends = day + DAY * dice.randint(*_SEASON)
        gap = dice.choice(_GAPS) if number % 8 else 0
        while gap and day < ends:
            comes.add(day)
            day += DAY * max(1, round(dice.expovariate(1 / gap)))
        day = ends
    return comes


def lives(life: Life, on: Mapping[date, Callable[[Life], None]], *, nights: int) -> None:
    """From day to day to the last of those on which something else happens at noon. The `nights`
    before each of them have their work done, and all is sent that is due then; the work of the
    others is made good in the first of these."""
    for day in days(life.today + DAY, max(on) + DAY):
        awake = any(0 <= (named - day).days < nights for named in on)
        (life.passes_to if awake else life.sleeps_to)(day)
        if day.day == 1 and TIMES > 1:
            life.stays_signed_in()
        if day in on:
            on[day](life)
        life.comes_by(deliver=awake)
