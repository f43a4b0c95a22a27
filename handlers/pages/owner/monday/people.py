"""Whom the owner may want to think of: who stays away, those who would be missed most first, and
who is about to lose a rank."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from bot.store import UnitOfWork
from bot.store.figures import friends, week
from bot.store.figures.friends import FriendsBrought
from bot.store.many import member_lists
from bot.store.many.member_lists import ListedMember
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.messages.crowds import CrowdAsked
from handlers.showing.monday import WeekAsked
from handlers.showing.viewer import as_of
from rules.broadcasts.broadcast import Whom
from rules.characters import spaced_number
from rules.explaining.explain_returning import absence_sentence, returning_short
from rules.journeys.risk import ABSENT
from rules.outlook.gone import gone
from rules.outlook.returning import return_outlook
from rules.programme.ranks import at_risk
from rules.shop import next_month
from rules.wording.names import formal
from rules.wording.texts import day_since, show
from rules.wording.words import Words

from ...staff.frame.access import language
from ...staff.frame.words import words_now
from ..frame.absence import absence_mark, is_new
from ..frame.money import by_worth, has_money

#: So many stand in a list; of those who stay away, so many.
PEOPLE_MAX, DRIFTING_MAX = 5, 8
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A member in one of the lists, and what there is to know of them."""

    number: str
    spaced: str
    name: str
    rank: str
    told: tuple[str, ...]
    #: How they stay away, and whether since this week, and whether they are no longer expected.
    absence: str = ""
    is_new: bool = False
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class WeekPeople:
    """Who is told of."""

    #: Who stays away, those who did most in the year first; then who brought others.
    drifting: list[PersonLine]
    #: Who is no longer to be expected, besides those.
    gone: list[PersonLine]
    #: Who can still keep the rank that they are about to lose, and how many can't.
    short: list[PersonLine]
    lost: int


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of somebody is made of."""

    who: Member
    beside: ListedMember
    brought: FriendsBrought | None


def people_of(asked: WeekAsked) -> WeekPeople:
    """Whom the week tells of; each statement finds a few of them."""
    everybody, absent = asked.crowd(Whom()), asked.crowd(Whom(risks=ABSENT))
    ladder = asked.programme.ranks is not None
    with asked.club.store.read() as uow:
        worth = _by_worth(uow, absent)
        bring = week.drifting_who_bring(uow, absent)
        drifting = list(dict.fromkeys([*worth, *bring]))
        adrift = _members(uow, asked, week.most_frequent_adrift(uow, everybody))
        late = (each for each in adrift if each.id not in drifting and _is_gone(asked, each))
        away = [each.id for each in islice(late, PEOPLE_MAX)]
        short = week.most_frequent_short_of_rank(uow, everybody) if ladder else []
        # Who loses a rank may drift, too.
        ranked = {each.id: each for each in [*_members(uow, asked, short), *adrift]}
        losing = sorted(_losing(asked, ranked.values() if ladder else ()), key=_by_visits)
        kept = [each for each in losing if each[1] is not None][:PEOPLE_MAX]
        known = _known(uow, asked, [*drifting, *away, *(who.id for who, _ in kept)])
    return WeekPeople(
        [_line(asked, known[each]) for each in drifting if each in known],
        [_line(asked, known[each]) for each in away if each in known],
        [_line(asked, known[who.id], told) for who, told in kept if who.id in known and told],
        sum(told is None for _, told in losing),
    )


def _by_worth(uow: UnitOfWork, asked: CrowdAsked) -> list[int]:
    """Of a store so many of all are looked through for theirs."""
    limit = week.LOOKED_THROUGH if asked.also else DRIFTING_MAX
    places = member_lists.places(uow, week.everywhere(asked), by_worth(), after=None, limit=limit)
    return week.theirs(uow, asked, [each.member_id for each in places])[:DRIFTING_MAX]


def _members(uow: UnitOfWork, asked: WeekAsked, ids: Sequence[int]) -> list[Member]:
    """Those members as they stand now, in that order."""
    timeline = asked.club.timeline()
    known = {who.id: as_of(timeline, who, asked.now) for who in members.many(uow, ids)}
    return [known[each] for each in ids if each in known]


def _known(uow: UnitOfWork, asked: WeekAsked, ids: Sequence[int]) -> dict[int, _Told]:
    if not ids:
        return {}
    beside = member_lists.listed(uow, ids, ladder=asked.programme.ranks is not None)
    brought = friends.brought_by(uow, ids)
    return {
        each.id: _Told(each, beside[each.id], brought.get(each.id))
        for each in _members(uow, asked, list(dict.fromkeys(ids)))
    }


def _is_gone(asked: WeekAsked, who: Member) -> bool:
    models = asked.club.timeline().models
    return gone(models, asked.programme.shop, who.facts, asked.day) is not None


def _losing(asked: WeekAsked, people: Iterable[Member]) -> Iterator[tuple[Member, str | None]]:
    """Who loses their rank, with what is missing; None for what can't be reached any more."""
    ladder, shop = asked.programme.ranks, asked.programme.shop
    ends = next_month(asked.day) - _DAY
    for who in people:
        missing = at_risk(ladder, shop, who.facts, asked.day) if ladder else None
        if ladder is None or missing is None:
            continue
        words = words_now()
        if ladder.measure == "visits" and missing > (ends - asked.day).days + 1:
            yield who, None
            continue
        key = f"owner.monday.missing.{ladder.measure}"
        lacks = words.say(key, count=missing, amount=words.amount(missing))
        if ends == asked.day:
            yield who, words.say("owner.monday.rank_missing_today", missing=lacks)
        else:
            until = show(words.lang, ends)
            yield who, words.say("owner.monday.rank_missing", until=until, missing=lacks)


def _by_visits(losing: tuple[Member, str | None]) -> tuple[int, int]:
    return -losing[0].facts.visits, losing[0].id


def _line(asked: WeekAsked, known: _Told, told: str = "") -> PersonLine:
    """Somebody, with `told`; or else with how they stay away."""
    who, beside = known.who, known.beside
    return PersonLine(
        who.number,
        spaced_number(who.number),
        formal(beside.name, language()),
        _rank(words_now(), who),
        (told,) if told else tuple(_absence(asked, known)),
        absence_mark(beside.risk),
        is_new(beside.risk, beside.drift_on, asked.day),
        _is_gone(asked, who),
    )


def _absence(asked: WeekAsked, known: _Told) -> Iterator[str]:
    words, beside, facts = words_now(), known.beside, known.who.facts
    last = facts.last_visit_on
    if last is not None:
        day = day_since(words.lang, last, asked.day)
        yen = words.say("owner.figures.unit.yen", count=f"{beside.yen:,}")
        yield words.say(
            "owner.monday.did_yen" if has_money() else "owner.monday.did",
            last=day,
            count=beside.year,
            yen=yen,
        )
    if known.brought is not None:
        yield words.say("owner.monday.brought", count=known.brought.friends)
    models = asked.club.timeline().models
    outlook = return_outlook(models, asked.programme.shop, facts, asked.day)
    if outlook is not None:
        if why := absence_sentence(words, outlook):
            yield why
        yield returning_short(words, models, outlook)


def _rank(words: Words, who: Member) -> str:
    ladder = words.programme.ranks
    held = ladder.get(who.facts.rank.id) if ladder else None
    return words.name(held.name) if held else ""
