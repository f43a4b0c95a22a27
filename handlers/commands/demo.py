"""A demo club: some 300 members and a year of lifelike visits, through the actions of the doors.

They live in the simulator only, but for a handful whose card is on paper. Everything is drawn from
one seed, so that every demo is alike.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from string import Template

from bot.codes import RewardUse
from bot.simulator import Account, Simulator
from bot.store import UnitOfWork
from bot.store.finding import due_members
from bot.store.finding.due_members import count_members
from bot.store.history import programs
from bot.store.members import line_accounts, members
from bot.store.members.profiles import Profile
from bot.store.messages import newsletters
from bot.store.staff import staff
from handlers.actions.calendar.occasions import celebrate_anniversary, celebrate_birthday
from handlers.actions.calendar.settle import settle
from handlers.actions.counter.check_in import check_in
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.redeem import redeem
from handlers.actions.events.making import WrittenEvent, take_step
from handlers.actions.events.making import make as make_event
from handlers.actions.events.signing_up import Wish, sign_up
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.members.sms_consent import SmsConsent, agree_by_phone
from handlers.actions.newsletter.sending import queue_issue_part, send_issue
from handlers.actions.newsletter.subscribe import NewsletterChoice, choose_newsletter
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.work import Work
from handlers.actions.staff.staffing import Assignment, hire
from handlers.club import Club
from rules.activity import Purchase, Visit
from rules.base import Lang
from rules.events.event import ShopEvent, Sitting
from rules.facts import Birthday
from rules.programme.newsletter import Issue
from rules.programme.programme import Programme
from rules.programme.rewards import in_hand, on_offer, standing
from rules.shop import add_months
from rules.wording.texts import say

from ..actions.recording.record import Request
from .filling.friends import Friends
from .filling.names import FAMILY, GIVEN, NICK
from .filling.sources import come_by_one, put_up_sources

MEMBERS = 300
_DAYS = 365
_SEED = 2026
#: One in so many members agreed to SMS, which come where they block the account.
_SMS_EVERY = 10
#: One in so many has no LINE: their card was printed at the counter.
_PAPER_EVERY = 50
#: One in so many asked for the newsletter.
_LETTER_EVERY = 12
#: The season has begun when the club is first seen, and goes on for some weeks.
_SEASON = (timedelta(days=-2), timedelta(days=18))
_MORE = Path(__file__).with_name("demo.toml")
_ISSUE = Path(__file__).with_name("demo_issue.toml")
_EVENT = Path(__file__).with_name("demo_event.toml")
#: Its event has so many places; one in so many members wants one.
_EVENT_PLACES, _EVENT_EVERY = 8, 6
#: Nobody is through the door before they have joined and looked at their card.
_SETTLING_IN = timedelta(minutes=10)
#: When they have paid at the latest.
_AT_THE_TILL = timedelta(minutes=20)

#: Those without LINE gave their names at the counter.
_ON_PAPER = (
    Profile("田村和子", "たむら かずこ", note="窓ぎわの席がお好きです"),
    Profile("小川実", "おがわ みのる", note="新聞をご用意する"),
    Profile("西田美代子", "にしだ みよこ"),
    Profile("原正夫", "はら まさお", note="豆は中挽きで200g"),
    Profile("上野ふみ", "うえの ふみ"),
    Profile("久保田清", "くぼた きよし", note="水曜の朝にご夫婦で"),
)


@dataclass(frozen=True, slots=True)
class Habit:
    """How someone comes."""

    name: str
    #: Of the members so many are like this, as a share of 1.
    share: float
    #: Between visits.
    gap_days: float
    #: They come from the day they joined until so many days before today.
    until_day: int
    #: They joined so many days before today, from least to most.
    joined_within: tuple[int, int]


#: Regulars, occasional ones, those who fade, those who are gone, and newcomers.
_HABITS = (
    Habit("regular", 0.22, 4.5, 0, (120, _DAYS)),
    Habit("weekly", 0.18, 8.0, 0, (90, _DAYS)),
    Habit("occasional", 0.20, 19.0, 0, (90, _DAYS)),
    Habit("fading", 0.14, 9.0, 35, (150, _DAYS)),
    Habit("gone", 0.16, 11.0, 110, (200, _DAYS)),
    Habit("new", 0.10, 6.0, 0, (2, 30)),
)


def is_empty(uow: UnitOfWork) -> bool:
    """Whether nobody has joined yet: a demo is filled into nothing else."""
    return count_members(uow) == 0


def fill(club: Club, simulator: Simulator, *, members: int = MEMBERS) -> Iterator[int]:
    """Fills the club, yielding after each member how many visits they made.

    Each member is one transaction: a demo broken off halfway holds whole members only.
    """
    random = Random(_SEED)  # noqa: S311 - a demo, not a secret
    people = [_Person.draw(random, number) for number in range(members)]
    on_line = [p for p in people if p.paper is None]
    simulator.add_accounts([Account(p.user_id, p.name, p.language, "friend") for p in on_line])
    hire_staff(club)
    programme = club.timeline().latest.programme
    with club.work() as work:
        made = put_up_sources(work.acting(desk_of(work.uow, programme)))
    friends = Friends()
    for number, person in enumerate(people):
        with club.work() as work:
            by = friends.referrer(number, person.joined_days_ago)
            member_id, visits = _live(work, person, by, random)
            friends.lives(member_id, person.joined_days_ago)
            come_by_one(work, made, number, person.user_id)
            # What happened in the past is no news.
            work.recorded.clear()
            if number % _SMS_EVERY == 0 and person.paper is None:
                _agree_to_sms(work, club, person, simulator.phone_number(person.user_id))
        yield visits


def begin_season(club: Club) -> None:
    """Publishes what the demo has besides the programme in force: questions for the profile, a
    newsletter, good deeds, ideas taken up, and a campaign that runs now. Some members ask for the
    newsletter, and its first issue goes out to them."""
    now = club.now()
    starts, ends = (club.timeline().latest.programme.shop.business_date(now) + d for d in _SEASON)
    with club.store.begin() as uow:
        text = programs.published(uow)[-1].text
        more = Template(_MORE.read_text(encoding="utf-8")).substitute(starts=starts, ends=ends)
        programs.publish(uow, f"{text}\n\n{more}", since=now)
    club.programmes.forget()
    some = list(due_members.everyone(club.store))[::_LETTER_EVERY]
    with club.work() as work:
        for member_id in some:
            _ask_for_letter(work, member_id)
        issue = Issue.model_validate(tomllib.loads(_ISSUE.read_text(encoding="utf-8")))
        newsletters.put(work.uow, issue, None, at=work.now)
        send_issue(work, issue.id)
        while queue_issue_part(work, issue.id):
            pass
        work.recorded.clear()


def announce_event(club: Club) -> None:
    """A tasting, a week from now or as soon after as the shop is open; the last to sign up wait."""
    now, shop = club.now(), club.timeline().latest.programme.shop
    days = [shop.business_date(now) + timedelta(days=n) for n in range(7, 60)]
    day = next(filter(shop.is_open, days), days[0])
    starts = datetime.combine(day, time(14), tzinfo=shop.zone)
    event = ShopEvent.model_validate(
        tomllib.loads(_EVENT.read_text(encoding="utf-8"))
        | {"opens_at": now, "closes_at": starts - timedelta(days=1)}
    )
    sitting = Sitting(1, starts, starts + timedelta(minutes=90), _EVENT_PLACES)
    with club.work() as work:
        work = work.acting(desk_of(work.uow, club.timeline().latest.programme))
        event_id = make_event(work, WrittenEvent(event, (sitting,)))
        take_step(work, event_id, 1, "open")
    for member_id in list(due_members.everyone(club.store))[::_EVENT_EVERY]:
        with club.work() as work:
            signing = work.acting("member").under(f"demo:event:{member_id}")
            sign_up(signing, Wish(member_id, event_id, 1, "chat"))


def _ask_for_letter(work: Work, member_id: int) -> None:
    """As the chat does when a member taps 「受け取る」."""
    letter, member = work.programme.newsletter, members.get(work.uow, member_id)
    if letter is None or member is None or member.line_user_id is None:
        return
    wording = letter.about.in_(member.language)
    choice = NewsletterChoice(member_id, wanted=True, at=work.now, wording=wording)
    choose_newsletter(work.under(f"demo:letter:{member_id}"), choice)


def _agree_to_sms(work: Work, club: Club, person: "_Person", phone: str) -> None:
    """As the chat does when a member answers 「SMS」 with a number."""
    account = line_accounts.get(work.uow, person.user_id)
    if account is None or account.member_id is None:
        raise LookupError("the member has no account")
    shop, lang = club.timeline().at(club.now()).programme.shop, account.language
    wording = say(lang, "chat.sms.wording", sender=shop.legal_name, shop=shop.name.in_(lang))
    agree_by_phone(work, account.member_id, phone, SmsConsent(work.now, "line", wording))


def hire_staff(club: Club) -> None:
    """An owner, and somebody at the first store and at the last. None has a password: the owner
    gets in by a link that is printed at the start, and invites the others."""
    programme = club.timeline().at(club.now()).programme
    stores = [store.id for store in programme.stores]
    with club.work() as work:
        for login, name, place in (
            ("owner", "森はるか", Assignment("owner", None)),
            ("yui", "佐藤ゆい", Assignment("staff", stores[0])),
            ("ken", "高橋けん", Assignment("staff", stores[-1])),
        ):
            hire(work, login=login, name=name, place=place, stores=stores, language="ja")


@dataclass(frozen=True, slots=True)
class _Person:
    user_id: str
    name: str
    language: str
    habit: Habit
    birthday: date | None
    joined_days_ago: int
    paper: Profile | None

    @classmethod
    def draw(cls, random: Random, number: int) -> "_Person":
        habit = random.choices(_HABITS, weights=[habit.share for habit in _HABITS])[0]
        foreign = random.random() < 0.05
        name = _display_name(random)
        return cls(
            user_id=f"U{random.getrandbits(64):016x}{number:016x}",
            name=name,
            language="en" if foreign else "ja",
            habit=habit,
            birthday=_birthday(random) if random.random() < 0.6 else None,
            joined_days_ago=random.randint(*habit.joined_within),
            paper=_on_paper(number),
        )


def _display_name(random: Random) -> str:
    if random.random() < 0.35:
        return random.choice(NICK)
    given = random.choice(GIVEN)
    return given if random.random() < 0.3 else f"{random.choice(FAMILY)}{given}"


def _on_paper(number: int) -> Profile | None:
    """Who the `number`th member is at the counter if they have no LINE; None if they have."""
    nth, rest = divmod(number, _PAPER_EVERY)
    return _ON_PAPER[nth % len(_ON_PAPER)] if rest == _PAPER_EVERY // 6 else None


def _birthday(random: Random) -> date:
    return date(1950, 1, 1) + timedelta(days=random.randint(0, 58 * 365))


def _live(work: Work, person: _Person, by: int | None, random: Random) -> tuple[int, int]:
    """One member's year: joining, a birthday told, visits with purchases, what comes round. Gives
    who they are, and how often they came."""
    programme = work.programme
    today = programme.shop.business_date(work.now)
    joined = today - timedelta(days=person.joined_days_ago)
    at = _moment(programme, joined, random)
    member_id = _join(work, person, at, by).member_id
    visits = 0
    occasions = _occasions(person, joined, today)
    for day in _visit_days(programme, person, joined, today, random):
        moment = max(_moment(programme, day, random), at + _SETTLING_IN)
        if moment + _AT_THE_TILL >= work.now:
            break
        _pass(work, member_id, occasions, day)
        visits += _visit(work, member_id, person, moment, programme, random)
    _pass(work, member_id, occasions, today)
    settle(work, member_id, day=today)
    return member_id, visits


def _join(work: Work, person: _Person, at: datetime, by: int | None) -> Outcome:
    programme = work.programme
    work, language = work.moment(at).under(f"demo:{person.user_id}:join"), _language(person)
    purpose, born = programme.privacy.purpose.ja, person.birthday
    birthday = Birthday(born.month, born.day, born.year) if born else None
    if person.paper is not None:
        newcomer = Newcomer("ja", purpose, person.paper, birthday)
        return join_at_counter(work.acting(desk_of(work.uow, programme)), newcomer)
    work = work.acting("member")
    line_accounts.ensure(
        work.uow, person.user_id, display_name=person.name, language=language, at=at
    )
    outcome = join(work, JoinRequest(at, language, purpose, "line", person.user_id, by))
    if birthday is not None:
        told = ToldBirthday(outcome.member_id, birthday, at + timedelta(minutes=2))
        tell_birthday(work.moment(told.at).under(f"demo:{person.user_id}:birthday"), told)
    return outcome


def _language(person: _Person) -> Lang:
    return "en" if person.language == "en" else "ja"


def desk_of(uow: UnitOfWork, programme: Programme) -> Actor:
    """Where cards on paper are made: whoever stands at the first store."""
    store = programme.stores[0].id
    someone = next(each for each in staff.everybody(uow) if each.store == store)
    return Actor(someone.id, someone.name, someone.role, store)


def _visit_days(
    programme: Programme, person: _Person, joined: date, today: date, random: Random
) -> Iterator[date]:
    last = today - timedelta(days=person.habit.until_day)
    day = joined
    while day <= last:
        if programme.shop.is_open(day):
            yield day
        day += timedelta(days=max(1, round(random.expovariate(1 / person.habit.gap_days))))


def _moment(programme: Programme, day: date, random: Random) -> datetime:
    """A moment of the day on the shop's clock, after lunch more often than not."""
    clock = time(int(random.triangular(8, 20, 14)), random.randint(0, 59), random.randint(0, 59))
    return datetime.combine(day, clock, tzinfo=programme.shop.zone)


def _visit(
    work: Work, member_id: int, person: _Person, at: datetime, programme: Programme, random: Random
) -> bool:
    store = random.choice(programme.stores).id
    key, work = f"demo:{person.user_id}:{at.isoformat()}", work.acting("staff")
    visit = Request(member_id, Visit("staff"), at, store)
    outcome = check_in(work.moment(at).under(f"{key}:check_in"), visit)
    if programme.purchase is not None and random.random() < 0.8:
        yen = random.randint(4, 26) * 100 + random.choice((0, 50, 80))
        bought = Purchase(total_yen=yen, tax_yen=yen * 10 // 110)
        paid_at = at + random.randint(1, 20) / 20 * _AT_THE_TILL
        receipt = Request(member_id, bought, paid_at, store)
        purchase(work.moment(paid_at).under(f"{key}:purchase"), receipt)
    if use := _wanted(work.uow, member_id, programme, at, random):
        used_at = at + _AT_THE_TILL
        using = work.moment(used_at).under(f"{key}:redeem")
        redeem(using, member_id, use, at=used_at, store=store)
    return outcome.done


def _wanted(
    uow: UnitOfWork, member_id: int, programme: Programme, at: datetime, random: Random
) -> RewardUse | None:
    """What they use at the till, if anything: a voucher at one visit in three, points now and then,
    mostly on the dearest thing that they reach."""
    member = members.get(uow, member_id)
    chance = random.random()
    if member is None:
        return None
    day = programme.shop.business_date(at)
    held = in_hand(member.facts, day)
    if held and chance < 0.3:
        return RewardUse(held[0].reward, held[0].n)
    ready = [
        r for r in programme.rewards if on_offer(r, day) and standing(r, member.facts, day).ready
    ]
    if not ready or chance < 0.9:
        return None
    return RewardUse(max(ready, key=lambda reward: reward.cost or 0).id)


def _occasions(person: _Person, joined: date, today: date) -> list[tuple[date, str]]:
    """The birthdays and membership years between joining and today, soonest first."""
    found = []
    if person.birthday is not None:
        for year in (joined.year, joined.year + 1):
            first = date(year, person.birthday.month, 1)
            if joined < first <= today:
                found.append((first, "birthday"))
    year_on = add_months(joined, 12)
    if year_on <= today:
        found.append((year_on, "anniversary"))
    return sorted(found)


def _pass(work: Work, member_id: int, occasions: list[tuple[date, str]], until: date) -> None:
    """Lets what came round up to `until` happen, each at the start of its own day."""
    shop = work.programme.shop
    while occasions and occasions[0][0] <= until:
        day, kind = occasions.pop(0)
        at = shop.opens(day) + timedelta(minutes=5)
        celebrate = celebrate_birthday if kind == "birthday" else celebrate_anniversary
        celebrate(work.moment(at), member_id, day=day)
