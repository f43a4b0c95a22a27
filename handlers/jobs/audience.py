"""Whom a journey is due to on a day, and who not and why: asked of a page of members at a time.

The job that queues and the command that only shows are given the same answers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.store import UnitOfWork, audience, candidates, stock
from bot.store.audience import Listener
from bot.store.outbox import Channel
from handlers.actions.way import way_to
from handlers.club import Club
from rules.decide import advance
from rules.facts import Facts
from rules.journeys import candidates as asked
from rules.journeys.arms import arm_of, is_held_back
from rules.journeys.case import Known
from rules.journeys.due import Due, NotDue, due, journeys_of
from rules.journeys.kinds import FanSteps, Journey
from rules.journeys.model import Promised
from rules.program import Programme
from rules.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Judged:
    """What a journey has for one member. `channel` is None where it is not due, or held back."""

    listener: Listener
    facts: Facts
    answer: Due | NotDue
    arm: str
    held_back: bool
    channel: Channel | None


@dataclass(frozen=True, slots=True)
class Asking:
    """One journey, asked about on business day `day`."""

    club: Club
    timeline: Timeline
    programme: Programme
    journey: Journey
    day: date


def planned(programme: Programme) -> tuple[Journey, ...]:
    """The journeys that this job queues. Warnings that other parts of the programme promise are
    queued by those, in the transaction that notes them as given."""
    return tuple(j for j in journeys_of(programme) if not isinstance(j, Promised))


def pages(asking: Asking) -> Iterator[list[int]]:
    """The ids of all that the journey may be due to."""
    shop = asking.programme.shop
    for wanted in asked.candidates(asking.programme, asking.journey, asking.day):
        yield from candidates.pages(asking.club.store, wanted, shop)


def judge(uow: UnitOfWork, asking: Asking, ids: Sequence[int]) -> list[Judged]:
    """What the journey has for each of these members."""
    listeners = audience.listeners(uow, ids, journey=asking.journey.queued_as)
    facts = {
        each.member.id: advance(asking.timeline, each.member.facts, asking.day)[0]
        for each in listeners
    }
    told = _told_steps(uow, asking, facts)
    gone = out_of_stock(uow, asking.programme)
    return [
        _judge(asking, each, facts[each.member.id], told=each.member.id in told, gone=gone)
        for each in listeners
    ]


def _told_steps(uow: UnitOfWork, asking: Asking, facts: dict[int, Facts]) -> set[int]:
    if not isinstance(asking.journey, FanSteps):
        return set()
    invited = {m: known.fan_invited_on for m, known in facts.items() if known.fan_invited_on}
    return audience.told_in_chat(uow, invited)


def out_of_stock(uow: UnitOfWork, programme: Programme) -> tuple[str, ...]:
    """The rewards of which none is left."""
    limited = {r.id: r.stock for r in programme.rewards if r.stock is not None}
    used = stock.all_used(uow) if limited else {}
    return tuple(reward for reward, limit in limited.items() if used.get(reward, 0) >= limit)


def known_of(asking: Asking, listener: Listener, *, told: bool, gone: tuple[str, ...]) -> Known:
    """What the rules are told of a member beside the facts."""
    shop = asking.programme.shop
    queued, called = listener.queued_at, listener.called_at
    return Known(
        language=listener.member.language,
        sent_on=shop.business_date(queued) if queued else None,
        called_on=shop.business_date(called) if called else None,
        told_steps=told,
        gone=gone,
    )


def _judge(
    asking: Asking, listener: Listener, facts: Facts, *, told: bool, gone: tuple[str, ...]
) -> Judged:
    journey, salt = asking.journey, str(listener.member.id)
    known = known_of(asking, listener, told=told, gone=gone)
    answer = due(asking.programme, journey, facts, day=asking.day, known=known)
    arm, held_back = arm_of(journey, salt), is_held_back(journey, salt)
    channel = None
    if isinstance(answer, Due):
        reason, channel = _way(asking, listener)
        answer = NotDue(reason) if reason else answer
    if held_back:
        channel = None
    return Judged(listener, facts, answer, arm, held_back, channel)


def _way(asking: Asking, listener: Listener) -> tuple[str, Channel | None]:
    """The channel that reaches the member first; else why none does."""
    journey = asking.journey
    if journey.topic in listener.member.topics_left:
        return "topic", None
    channel = way_to(listener, journey, sms=asking.club.sms is not None)
    if channel is not None:
        return "", channel
    return "blocked" if listener.blocked else "unreachable", None
