"""Whom the owner may want to think of: who is about to lose a rank, and who is really away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from bot.store import UnitOfWork
from bot.store.figures import week
from bot.store.members import members
from bot.store.members.members import Member
from handlers.showing.monday import WeekAsked
from handlers.showing.viewer import as_of
from rules.broadcasts.broadcast import Whom
from rules.characters import spaced_number
from rules.explaining.explain_returning import returning_short
from rules.outlook.gone import gone
from rules.programme.ranks import at_risk
from rules.shop import next_month
from rules.wording.names import formal
from rules.wording.texts import day_since, show
from rules.wording.words import Words

from ...staff.frame.access import language
from ...staff.frame.words import words_now

#: So many stand in a list.
PEOPLE_MAX = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A member in one of the lists, and what there is to know of them."""

    number: str
    spaced: str
    name: str
    rank: str
    told: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody who is looked at, with what is told of them if they belong in the list."""

    who: Member
    told: str
    more: str = ""


def lists(asked: WeekAsked) -> tuple[list[PersonLine], list[PersonLine]]:
    """Who is about to lose a rank, and who is really away, those who came most first."""
    everybody = asked.crowd(Whom())
    with asked.club.store.read() as uow:
        adrift = _members(uow, asked, week.most_frequent_adrift(uow, everybody))
        ladder = asked.programme.ranks is not None
        short = week.most_frequent_short_of_rank(uow, everybody) if ladder else []
        ranked = [*_members(uow, asked, short), *adrift] if ladder else []
        # Who loses a rank may drift, too.
        once = {who.id: who for who in ranked}.values()
        losing = [each for who in once if (each := _losing(asked, who))]
        losing.sort(key=lambda each: (-each.who.facts.visits, each.who.id))
        found = (each for who in adrift if (each := _away(asked, who)))
        away = list(islice(found, PEOPLE_MAX))
        losing = losing[:PEOPLE_MAX]
        called = week.names(uow, [each.who.id for each in (*losing, *away)])
    return _lines(losing, called), _lines(away, called)


def _members(uow: UnitOfWork, asked: WeekAsked, ids: Sequence[int]) -> list[Member]:
    """Those members as they stand now, in that order."""
    timeline = asked.club.timeline()
    known = {who.id: as_of(timeline, who, asked.now) for who in members.many(uow, ids)}
    return [known[each] for each in ids if each in known]


def _losing(asked: WeekAsked, who: Member) -> Looked | None:
    ladder, shop = asked.programme.ranks, asked.programme.shop
    missing = at_risk(ladder, shop, who.facts, asked.day) if ladder else None
    if ladder is None or missing is None:
        return None
    words = words_now()
    key = f"owner.monday.missing.{ladder.measure}"
    lacks = words.say(key, count=missing, amount=words.amount(missing))
    until = show(words.lang, next_month(asked.day) - _DAY)
    return Looked(who, words.say("owner.monday.rank_missing", until=until, missing=lacks))


def _away(asked: WeekAsked, who: Member) -> Looked | None:
    models = asked.club.timeline().models
    outlook = gone(models, asked.programme.shop, who.facts, asked.day)
    last = who.facts.last_visit_on
    if outlook is None or last is None:
        return None
    words = words_now()
    day = day_since(words.lang, last, asked.day)
    told = words.say("owner.monday.away_last", last=day, count=who.facts.visits)
    return Looked(who, told, returning_short(words, models, outlook))


def _lines(looked: list[Looked], called: dict[int, str]) -> list[PersonLine]:
    return [
        PersonLine(
            each.who.number,
            spaced_number(each.who.number),
            formal(called.get(each.who.id, ""), language()),
            _rank(words_now(), each.who),
            each.told,
            each.more,
        )
        for each in looked
    ]


def _rank(words: Words, who: Member) -> str:
    ladder = words.programme.ranks
    held = ladder.get(who.facts.rank.id) if ladder else None
    return words.name(held.name) if held else ""
