"""A demo club: some 300 members and a year of lifelike visits, through the actions of the doors,
and what the shop's journeys would have written to them in it.

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
from rules.checking.reading import InvalidProgramme, parse
from rules.events.event import ShopEvent, Sitting
from rules.facts import Birthday
from rules.journeys.programme import journeys_of
from rules.programme.newsletter import Issue
from rules.programme.programme import Programme
from rules.programme.rewards import in_hand, on_offer, standing
from rules.shop import add_months
from rules.wording.texts import say

from ..actions.recording.record import Request
from .filling.friends import Friends
from .filling.letters import Letters
from .filling.people import DemoPerson
from .filling.sources import come_by_one, put_up_sources

MEMBERS = 300
_SEED = 2026
#: One in so many members agreed to SMS, which come where they block the account.
_SMS_EVERY = 10
#: One in so many asked for the newsletter.
_LETTER_EVERY = 12
#: The season has begun when the club is first seen, and goes on for some weeks.
_SEASON = (timedelta(days=-2), timedelta(days=18))
_MORE = Path(__file__).with_name("demo.toml")
_ISSUE = Path(__file__).with_name("demo_issue.toml")
_EVENT = Path(__file__).with_name("demo_event.toml")
#: Who comes less often than they used to is written; `program.toml` may say so already.
_RHYTHM = """
[[journeys]]
kind = "rhythm"
"""
#: Its event has so many places; one in so many members wants one.
_EVENT_PLACES, _EVENT_EVERY = 8, 6
#: Nobody is through the door before they have joined and looked at their card.
_SETTLING_IN = timedelta(minutes=10)
#: When they have paid at the latest.
_AT_THE_TILL = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class _Past:
    """What is the same for all of a demo's past: what is drawn, and the programme of the season,
    by whose journeys members were written."""

    random: Random
    season: Programme


def is_empty(uow: UnitOfWork) -> bool:
    """Whether nobody has joined yet: a demo is filled into nothing else."""
    return count_members(uow) == 0


def fill(club: Club, simulator: Simulator, *, members: int = MEMBERS) -> Iterator[int]:
    """Fills the club, yielding after each member how many visits they made.

    Each member is one transaction: a demo broken off halfway holds whole members only.
    """
    random = Random(_SEED)  # noqa: S311 - a demo, not a secret
    people = [DemoPerson.draw(random, number) for number in range(members)]
    on_line = [p for p in people if p.paper is None]
    simulator.add_accounts([Account(p.user_id, p.name, p.language, "friend") for p in on_line])
    hire_staff(club)
    programme = club.timeline().latest.programme
    past = _Past(random, _season(club))
    with club.work() as work:
        made = put_up_sources(work.acting(desk_of(work.uow, programme)))
    friends = Friends()
    for number, person in enumerate(people):
        with club.work() as work:
            by = friends.referrer(number, person.joined_days_ago)
            member_id, visits = _live(work, person, by, past)
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
    text, now = _season_text(club), club.now()
    with club.store.begin() as uow:
        programs.publish(uow, text, since=now)
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


def _season_text(club: Club) -> str:
    """The programme in force, and below it what the demo has besides."""
    latest = club.timeline().latest.programme
    starts, ends = (latest.shop.business_date(club.now()) + days for days in _SEASON)
    with club.store.read() as uow:
        text = programs.newest(uow).text
    more = Template(_MORE.read_text(encoding="utf-8")).substitute(starts=starts, ends=ends)
    if all(each.kind != "rhythm" for each in journeys_of(latest)):
        more += _RHYTHM
    return f"{text}\n\n{more}"


def _season(club: Club) -> Programme:
    """The programme of the season; where it doesn't fit what the shop has, the shop's own."""
    found = parse(_season_text(club))
    return club.timeline().latest.programme if isinstance(found, InvalidProgramme) else found


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


def _agree_to_sms(work: Work, club: Club, person: "DemoPerson", phone: str) -> None:
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


def _live(work: Work, person: DemoPerson, by: int | None, past: "_Past") -> tuple[int, int]:
    """One member's year: joining, a birthday told, visits with purchases, what they are written and
    what comes round. Gives who they are, and how often they came."""
    programme, random = work.programme, past.random
    today = programme.shop.business_date(work.now)
    joined = today - timedelta(days=person.joined_days_ago)
    at = _moment(programme, joined, random)
    member_id = _join(work, person, at, by).member_id
    visits = 0
    occasions = _occasions(person, joined, today)
    letters = Letters(work, past.season, member_id, on_line=person.paper is None)
    is_open = programme.shop.is_open(joined)
    day = joined if is_open else person.comes_after(joined, today, programme.shop, random)
    while day is not None and day <= today:
        moment = max(_moment(programme, day, random), at + _SETTLING_IN)
        if moment + _AT_THE_TILL >= work.now:
            break
        _pass(letters, occasions, day)
        visits += _visit(work, member_id, person, moment, programme, random)
        day = letters.sooner(person.comes_after(day, today, programme.shop, random))
    _pass(letters, occasions, today)
    letters.keep()
    settle(work, member_id, day=today)
    return member_id, visits


def _join(work: Work, person: DemoPerson, at: datetime, by: int | None) -> Outcome:
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


def _language(person: DemoPerson) -> Lang:
    return "en" if person.language == "en" else "ja"


def desk_of(uow: UnitOfWork, programme: Programme) -> Actor:
    """Where cards on paper are made: whoever stands at the first store."""
    store = programme.stores[0].id
    someone = next(each for each in staff.everybody(uow) if each.store == store)
    return Actor(someone.id, someone.name, someone.role, store)


def _moment(programme: Programme, day: date, random: Random) -> datetime:
    """A moment of the day on the shop's clock, after lunch more often than not."""
    clock = time(int(random.triangular(8, 20, 14)), random.randint(0, 59), random.randint(0, 59))
    return datetime.combine(day, clock, tzinfo=programme.shop.zone)


def _visit(
    work: Work,
    member_id: int,
    person: DemoPerson,
    at: datetime,
    programme: Programme,
    random: Random,
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


def _occasions(person: DemoPerson, joined: date, today: date) -> list[tuple[date, str]]:
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


def _pass(letters: Letters, occasions: list[tuple[date, str]], until: date) -> None:
    """Lets what came round up to `until` happen, each at the start of its own day."""
    work, shop = letters.work, letters.work.programme.shop
    while occasions and occasions[0][0] <= until:
        day, kind = occasions.pop(0)
        at = work.moment(shop.opens(day) + timedelta(minutes=5))
        if kind == "birthday":
            celebrate_birthday(at, letters.member_id, day=day)
            letters.wish(day)
        else:
            celebrate_anniversary(at, letters.member_id, day=day)
