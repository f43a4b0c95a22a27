"""Members who live by habits: they come, stay away, come back, pause, leave, block and unblock.

Everything is drawn from the seed, so a run can be repeated to the letter.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import get_args

from rules.activity import (
    Activity,
    Anniversary,
    BirthdayTold,
    By,
    Membership,
    MembershipChanged,
    Occasion,
    Purchase,
    Registration,
    Visit,
    What,
)
from rules.base import Lang
from rules.facts import Facts
from rules.judging.decide import Decision, apply
from rules.judging.replay import start
from rules.programme.badges import full_years
from rules.programme.birthdays import has_come
from rules.programme.points import Lot
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline
from rules.sending.policy import TOPICS, Topic

DAY = timedelta(days=1)


@dataclass(slots=True)
class Habit:
    """How somebody lives: days between visits, until they stop coming; a few come back."""

    gap: float
    stays: float
    returns: float
    buys: float
    moody: float
    next_visit: date
    away_until: date | None = None


@dataclass(slots=True)
class Person:
    """One member: what the rules know, what they chose, and what was sent to them."""

    number: int
    language: Lang
    habit: Habit
    facts: Facts
    name: str
    topics_left: set[Topic] = field(default_factory=set)
    blocked: bool = False
    erased: bool = False
    called_on: date | None = None
    lot: Lot | None = None

    @property
    def salt(self) -> str:
        return f"member-{self.number}"


@dataclass(frozen=True, slots=True)
class Town:
    """Where they live: the club's rules, and the dice."""

    timeline: Timeline
    dice: Random

    @property
    def programme(self) -> Programme:
        return self.timeline.latest.programme


def newcomer(town: Town, number: int, day: date) -> Person:
    """Somebody who joins on `day`."""
    dice = town.dice
    joined = _activity(town, Registration(), day, 11, by="member")
    habit = Habit(
        gap=dice.choice((2, 3, 4, 7, 7, 10, 14, 30)),
        stays=dice.choice((0.995, 0.98, 0.93, 0.8)),
        returns=dice.choice((0.0, 0.005, 0.02)),
        buys=dice.choice((0.0, 0.5, 1.0)),
        moody=dice.choice((0.0, 0.0, 0.003)),
        next_visit=day + DAY * dice.randint(0, 20),
    )
    name = dice.choice(("さくら", "田中さん", "", "🌸", "Ken"))
    person = Person(number, dice.choice(("ja", "ja", "en")), habit, start(joined), name)
    does(town, person, joined)
    if dice.random() < 0.7:
        tells_birthday(town, person, day)
    return person


def does(town: Town, person: Person, activity: Activity) -> Decision | None:
    """What comes of it; None when it is refused."""
    outcome = apply(town.timeline, person.facts, activity)
    if not isinstance(outcome, Decision):
        return None
    person.facts = outcome.facts
    return outcome


def _activity(town: Town, what: What, day: date, hour: int, *, by: By) -> Activity:
    at = town.programme.shop.opens(day) + timedelta(hours=hour, minutes=town.dice.randint(0, 59))
    store = town.programme.stores[0].id if isinstance(what, Visit) else None
    return Activity(what, at, day, by=by, store=store)


def told(town: Town, what: What, at: datetime) -> Activity:
    """Something the club itself does to a member at an instant."""
    return Activity(what, at, town.programme.shop.business_date(at), by="system")


def celebrate(town: Town, person: Person, day: date) -> bool:
    """The night's own celebrations: the birthday's and the anniversary's points."""
    if person.erased or person.facts.membership != "active":
        return False
    happened = False
    birthday, policy = person.facts.birthday, town.programme.profile
    if birthday and has_come(policy, birthday, day):
        # A second one in a year is refused by the rules themselves.
        occasion = _activity(town, Occasion("birthday"), day, 0, by="system")
        happened = does(town, person, occasion) is not None
    joined = person.facts.joined_on
    if (joined.month, joined.day) == (day.month, day.day) and full_years(joined, day):
        years = _activity(town, Anniversary(full_years(joined, day)), day, 0, by="system")
        happened |= does(town, person, years) is not None
    return happened


def lives(town: Town, person: Person, day: date, hour: int) -> Decision | None:
    """What the member does in this hour of the day; gives the decision on a visit."""
    if person.erased:
        return None
    _changes_mind(town, person, day)
    if not _comes(town, person, day):
        return None
    dice = town.dice
    decision = does(town, person, _activity(town, Visit("staff"), day, hour, by="staff"))
    if decision and dice.random() < person.habit.buys:
        yen = dice.choice((480, 900, 2_400, 12_000))
        does(town, person, _activity(town, Purchase(yen), day, hour + 1, by="staff"))
    return decision


def _comes(town: Town, person: Person, day: date) -> bool:
    habit, dice = person.habit, town.dice
    if habit.away_until is not None:
        if day < habit.away_until and dice.random() >= habit.returns:
            return False
        habit.away_until = None
        habit.next_visit = day
    if day < habit.next_visit or not town.programme.shop.is_open(day):
        return False
    habit.next_visit = day + DAY * max(1, round(dice.gauss(habit.gap, habit.gap / 3)))
    if dice.random() > habit.stays:
        habit.away_until = day + DAY * dice.randint(30, 400)
    return True


def _changes_mind(town: Town, person: Person, day: date) -> None:
    """Now and then somebody blocks the account, leaves a topic, corrects a birthday, rests."""
    dice = town.dice
    if dice.random() >= person.habit.moody:
        return
    match dice.randint(0, 6):
        case 0:
            person.blocked = not person.blocked
        case 1 | 2:
            person.topics_left ^= {dice.choice(TOPICS)}
        case 3:
            tells_birthday(town, person, day)
        case 4 | 5:
            state: Membership = dice.choice(get_args(Membership))
            change = _activity(town, MembershipChanged(state), day, 6, by="staff")
            does(town, person, change)
        case 6:
            person.erased = dice.random() < 0.2


def tells_birthday(town: Town, person: Person, day: date) -> None:
    """Tells a birthday, or corrects it; many of them the ones that make trouble."""
    month, born = town.dice.choice(
        ((2, 29), (12, 31), (1, 1), (day.month, min(day.day, 28)), (7, 15), (10, 3))
    )
    does(town, person, _activity(town, BirthdayTold(month, born), day, 12, by="member"))
