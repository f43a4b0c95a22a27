"""Lives of all kinds, lived by the club's own actions: what a large club is copied from.

They end with last Sunday and its night, so that the next one is a Monday's, which judges
everybody's week.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from math import inf
from random import Random

from sqlalchemy import text

from bot.clock import Clock
from bot.codes import Codes, RewardUse
from bot.line.client import LineClient
from bot.settings import PROJECT
from bot.store import Store
from bot.store.history import programs
from bot.store.history.programs import Programmes
from bot.store.members import line_accounts, members, profiles
from bot.store.members.profiles import Profile
from handlers.actions.calendar.settle import settle
from handlers.actions.counter.check_in import check_in
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.redeem import redeem
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.recording.record import Request
from handlers.actions.recording.work import Work
from handlers.club import Club
from handlers.jobs.journeys import queue
from handlers.jobs.night import nightly
from handlers.jobs.night.figures import FigureKeeping
from rules.activity import Purchase, Visit
from rules.facts import Birthday
from rules.programme.rewards import on_offer, standing
from rules.shop import week_start

from .people import Person, person
from .still import Still
from .wsgi import SECRET_KEY

#: They joined over so many days.
DAYS = 400
#: So often they have come on average, besides the first time.
_VISITS = 4.4
_SEED = 2026
_ALL_SENT = text("""
    UPDATE outbox SET status = 'sent', sent_at = queued_at WHERE status = 'queued'
""")
_BUYS, _USES, _BORN = 0.7, 0.2, 0.6


def live(url: str, count: int) -> date:
    """Opens the club in an empty database and lets so many people live in it, up to the end of
    last Sunday's business day; gives Monday's."""
    store = Store(url)
    try:
        with store.begin() as uow:
            programs.publish(uow, _programme(), since=Clock().now() - timedelta(days=DAYS + 20))
        club = at_closing(store)
        dice = Random(_SEED)
        for number in range(1, count + 1):
            with club.work() as work:
                _Life(work, person(number), dice).lived()
                # What happened in the past is no news.
                work.recorded.clear()
        _night(club)
        shop = club.timeline().latest.programme.shop
        return shop.business_date(club.now()) + timedelta(days=1)
    finally:
        store.close()


def _programme() -> str:
    """The programme that ships, without quiet hours: it may be night where this runs."""
    written = (PROJECT / "program.toml").read_text(encoding="utf-8")
    return re.sub("^(quiet_from|quiet_until) = .*$", _a_minute, written, flags=re.MULTILINE)


def _a_minute(found: re.Match[str]) -> str:
    return f"{found[1]} = 03:0{int(found[1] == 'quiet_until')}:00"


def at_closing(store: Store) -> Club:
    """The club as last Sunday's business day ends."""
    with store.read() as uow:
        shop = programs.load(uow).latest.programme.shop
    ends = shop.opens(week_start(shop.business_date(Clock().now())))
    return Club(
        store=store,
        clock=Still(ends - timedelta(hours=1)),
        programmes=Programmes(store),
        line=LineClient("token", "http://127.0.0.1:9"),
        codes=Codes(SECRET_KEY),
        base_url="https://bench.invalid",
        link_base="https://line.me",
        bot_id=lambda: "@kayoi",
    )


def _night(club: Club) -> None:
    """Sunday's night, its messages, which all went out, and its figures."""
    nightly.run_if_due(club)
    queue.run_if_due(club)
    with club.store.begin() as uow:
        uow.run(_ALL_SENT)
    FigureKeeping(club).follow(seconds_max=inf)


class _Life:
    """One person's time with the club."""

    def __init__(self, work: Work, who: Person, dice: Random) -> None:
        self._work, self._who, self._dice = work, who, dice
        self._programme = work.timeline.latest.programme
        self._today = self._programme.shop.business_date(work.now)
        self._keys = 0

    def lived(self) -> None:
        days = list(self._days())
        member_id = self._joined(self._moment(days[0]) - timedelta(minutes=30))
        for day in days:
            self._visited(member_id, self._moment(day))
        settle(self._work, member_id, day=self._today)

    def _days(self) -> Iterator[date]:
        """The days on which they come, the first as they join."""
        since = self._dice.randrange(DAYS)
        often = min(int(self._dice.expovariate(1 / _VISITS)), since)
        later = sorted(self._dice.sample(range(since), often), reverse=True)
        return (self._today - timedelta(days=ago) for ago in (since, *later))

    def _moment(self, day: date) -> datetime:
        clock = time(self._dice.randrange(9, 20), self._dice.randrange(60))
        return datetime.combine(day, clock, tzinfo=self._programme.shop.zone)

    def _key(self) -> str:
        self._keys += 1
        return f"bench:{self._who.number}:{self._keys}"

    def _joined(self, at: datetime) -> int:
        who, dice = self._who, self._dice
        work = self._work.moment(at).acting("member").under(self._key())
        line_accounts.ensure(
            work.uow, who.line_id, display_name=who.display_name, language="ja", at=at
        )
        purpose = self._programme.privacy.purpose.ja
        joining = JoinRequest(at, "ja", purpose, line_user_id=who.line_id)
        member_id = join(work, joining).member_id
        if dice.random() < _BORN:
            born = Birthday(dice.randint(1, 12), dice.randint(1, 28), dice.randint(1950, 2005))
            tell_birthday(work.under(self._key()), ToldBirthday(member_id, born, at))
        if who.name:
            profile = Profile(name=who.name, kana=who.kana, phone=who.phone)
            profiles.put(work.uow, member_id, profile, at=at)
            profiles.refresh(work.uow, member_id)
        return member_id

    def _visited(self, member_id: int, at: datetime) -> None:
        dice, store = self._dice, self._dice.choice(self._programme.stores).id
        work = self._work.moment(at).acting("staff")
        check_in(work.under(self._key()), Request(member_id, Visit("staff"), at, store))
        if dice.random() < _BUYS:
            yen = dice.randrange(400, 2600, 10)
            bought = Purchase(total_yen=yen, tax_yen=yen * 10 // 110)
            purchase(work.under(self._key()), Request(member_id, bought, at, store))
        if dice.random() < _USES:
            self._used(work, member_id, at, store)

    def _used(self, work: Work, member_id: int, at: datetime, store: str) -> None:
        member = members.get(work.uow, member_id)
        assert member is not None
        day = self._programme.shop.business_date(at)
        ready = [
            reward
            for reward in self._programme.rewards
            if on_offer(reward, day) and standing(reward, member.facts, day).ready
        ]
        if ready:
            use = RewardUse(self._dice.choice(ready).id)
            redeem(work.under(self._key()), member_id, use, at=at, store=store)
