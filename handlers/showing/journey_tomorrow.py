"""Whom a journey would write to on a day that is still to come, some of those at a time whom its
index finds, so that no page waits for all of them."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from bot.batches import batched
from bot.store.members.members import Member
from bot.store.messages import outbox_by_member
from rules.journeys.member import DueMessage, MemberOnDay
from rules.journeys.parts import Channel

from .journey_audience import JourneyRun, JourneyVerdict, judge, pages

#: So many candidates are looked at on one page at the most, and so many at once.
LOOKED_MAX = 400
_PART = 50
#: A page is full with so many who would get it.
_NAMED = 25


@dataclass(frozen=True, slots=True)
class ExpectedMessage:
    """Somebody who would get it: by which way, in which version, and the name of what it is about
    (a rank, a badge, a reward; empty for none). `on`: the day on which it goes out."""

    member: Member
    channel: Channel
    arm: str
    about: str
    on: date


@dataclass(frozen=True, slots=True)
class ExpectedPage:
    """What is known after some of the candidates."""

    messages: tuple[ExpectedMessage, ...]
    #: Of the others, how many get nothing, by the reason (`journey.not_due.<reason>`, or that they
    #: have it already, are held back, or are drawn to a version for others).
    others: Counter[str]
    #: How many candidates were looked at, with those of the pages before.
    looked: int
    #: Whether there are no more.
    is_over: bool


def look_ahead(asking: JourneyRun, *, after: int, is_time: Callable[[], bool]) -> ExpectedPage:
    """Looks at the candidates that follow the first `after`, until a page is full or it `is_time`
    to answer; at some of them in any case."""
    ids = islice(_ids(asking), after, after + LOOKED_MAX)
    found: list[ExpectedMessage] = []
    others: Counter[str] = Counter()
    looked = after
    for part in batched(ids, _PART):
        messages, not_due = _part(asking, part)
        found += messages
        others += not_due
        looked += len(part)
        if len(part) < _PART or len(found) >= _NAMED or is_time():
            break
    is_over = next(islice(_ids(asking), looked, None), None) is None
    return ExpectedPage(tuple(found), others, looked, is_over)


def _ids(asking: JourneyRun) -> Iterator[int]:
    for page in pages(asking):
        yield from page


def _part(asking: JourneyRun, ids: list[int]) -> tuple[list[ExpectedMessage], Counter[str]]:
    with asking.club.store.read() as uow:
        judged = judge(uow, asking, ids)
        queued = outbox_by_member.periods(uow, ids, journey=asking.journey.queued_as)
    found, others = [], Counter[str]()
    for each in judged:
        answer = each.answer
        if not isinstance(answer, DueMessage):
            others[answer.reason] += 1
        elif (each.listener.member.id, answer.period) in queued:
            others["already"] += 1
        elif each.draw is None or each.draw.withheld:
            others[each.draw.withheld if each.draw and each.draw.withheld else "held_out"] += 1
        else:
            found.append(_expected(asking, each, answer))
    return found, others


def _expected(asking: JourneyRun, each: JourneyVerdict, answer: DueMessage) -> ExpectedMessage:
    shop, models = asking.programme.shop, asking.timeline.models
    on = shop.business_date(answer.not_before) if answer.not_before else asking.day
    who = MemberOnDay(asking.programme, each.facts, on, models, each.background)
    return ExpectedMessage(
        each.listener.member,
        each.channel or "line",
        each.draw.arm if each.draw else "",
        who.name_of(answer.target),
        on,
    )
