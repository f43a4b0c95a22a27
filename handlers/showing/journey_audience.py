"""Whom a journey is due to on a day, and who not and why: asked of a page of members at a time.

The job that queues and the command that only shows are given the same answers.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.batches import batched
from bot.store import Store, UnitOfWork
from bot.store.finding import audience, candidates, due_members
from bot.store.finding.audience import Listener
from bot.store.history import ledger, stock
from bot.store.many.segment_members import held_by
from bot.store.messages import decisions
from handlers.actions.telling.channel import way_to
from handlers.club import Club
from rules.facts import Facts, changed
from rules.journeys.candidates import ClubOnDay
from rules.journeys.deciding import JourneyDecision, in_force
from rules.journeys.drawing import Draw, draw
from rules.journeys.journey import Journey
from rules.journeys.member import Background, DueMessage, MemberOnDay, NotDue
from rules.journeys.parts import Channel
from rules.journeys.programme import journeys_of
from rules.judging.decide import advance
from rules.programme.points import ByInactivity, ByLot
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline
from rules.shop import add_months


@dataclass(frozen=True, slots=True)
class JourneyVerdict:
    """What a journey has for one member. Nothing is drawn where it is not due; `channel` is None
    there, and where it is withheld."""

    listener: Listener
    facts: Facts
    background: Background
    answer: DueMessage | NotDue
    draw: Draw | None = None
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class JourneyRun:
    """One journey, asked about on one business day."""

    club: Club
    timeline: Timeline
    programme: Programme
    journey: Journey
    day: date
    #: For so many days before it nobody was asked for.
    missed_days: int = 0
    #: What was decided of the journey's test.
    decision: JourneyDecision | None = None


def journey_run(
    club: Club, programme: Programme, journey: Journey, day: date, *, missed_days: int = 0
) -> JourneyRun:
    """The journey as it is to be asked about on `day`, with what was decided of its test."""
    with club.store.read() as uow:
        decision = in_force(decisions.last(uow, journey))
    return JourneyRun(club, club.timeline(), programme, journey, day, missed_days, decision)


def journeys_to_queue(programme: Programme) -> tuple[Journey, ...]:
    """The journeys that this job queues. Warnings that other parts of the programme promise are
    queued by those, in the transaction that notes them as given."""
    return tuple(j for j in journeys_of(programme) if not j.is_promised)


def pages(asking: JourneyRun) -> Iterator[list[int]]:
    """The ids of all that the journey may be due to, each once."""
    programme, store = asking.programme, asking.club.store
    if asking.journey.looks_at_lots:
        yield from batched(with_points_in_danger(store, programme, asking.day), candidates.PAGE)
    today = ClubOnDay(programme, asking.day, asking.missed_days)
    yield from candidates.pages_of(store, asking.journey.candidates(today), programme.shop)


def with_points_in_danger(store: Store, programme: Programme, day: date) -> Iterable[int]:
    """Members some of whose points may go within the days of a warning."""
    match programme.points.expiry:
        case ByLot(warn_days=warn_days):
            return due_members.with_lots_expiring(
                store, before=day + timedelta(days=max(warn_days))
            )
        case ByInactivity(months=months, warn_days=warn_days):
            # A few days more: a month has 28 to 31. The step itself looks at each one's own day.
            since = add_months(day + timedelta(days=max(warn_days)), -months) + timedelta(days=3)
            return due_members.inactive(store, since=since)
        case _:
            return ()


def judge(uow: UnitOfWork, asking: JourneyRun, ids: Sequence[int]) -> list[JourneyVerdict]:
    """What the journey has for each of these members."""
    listeners = audience.listeners(uow, ids, journey=asking.journey.queued_as)
    facts = {
        each.member.id: advance(asking.timeline, each.member.facts, asking.day)[0]
        for each in listeners
    }
    wanted = (*asking.journey.segments_asked, *asking.programme.segments_asked(asking.day))
    held = held_by(uow, asking.programme, asking.day, wanted=wanted, ids=facts)
    facts |= {each: changed(facts[each], segments=named) for each, named in held.items()}
    told_ids = _told_steps(uow, asking, facts)
    left = stock.left(uow, asking.programme.rewards, now=asking.club.now())
    opens = asking.programme.shop.opens(asking.day)
    lots = ledger.open_lots_of(uow, list(facts)) if asking.journey.looks_at_lots else {}
    verdicts = []
    for each in listeners:
        member_id = each.member.id
        background = replace(
            background_of(asking, each, told=member_id in told_ids),
            lots=lots.get(member_id, ()),
            withheld=asking.programme.withheld(left, each.member.held_until, opens),
        )
        verdicts.append(_judge(asking, each, facts[member_id], background))
    return verdicts


def _told_steps(uow: UnitOfWork, asking: JourneyRun, facts: dict[int, Facts]) -> set[int]:
    if not asking.journey.looks_at_chat:
        return set()
    invited = {m: known.fan_invited_on for m, known in facts.items() if known.fan_invited_on}
    return audience.told_in_chat(uow, invited)


def background_of(asking: JourneyRun, listener: Listener, *, told: bool) -> Background:
    """What the rules are told of a member beside the facts."""
    shop = asking.programme.shop
    queued, called = listener.queued_at, listener.called_at
    return Background(
        language=listener.member.language,
        sent_on=shop.business_date(queued) if queued else None,
        called_on=shop.business_date(called) if called else None,
        told_steps=told,
    )


def _judge(
    asking: JourneyRun, listener: Listener, facts: Facts, background: Background
) -> JourneyVerdict:
    models = asking.timeline.models
    member = MemberOnDay(asking.programme, facts, asking.day, models, background)
    answer = asking.journey.due(member)
    if isinstance(answer, NotDue):
        return JourneyVerdict(listener, facts, background, answer)
    reason, channel = _way(asking, listener)
    if reason:
        return JourneyVerdict(listener, facts, background, NotDue(reason))
    salt = str(listener.member.id)
    drawn = draw(asking.journey, member, salt, answer.period, asking.decision)
    way = None if drawn.withheld else channel
    return JourneyVerdict(listener, facts, background, answer, drawn, way)


def _way(asking: JourneyRun, listener: Listener) -> tuple[str, Channel | None]:
    """The channel that reaches the member first; else why none does."""
    journey = asking.journey
    if journey.topic in listener.member.topics_left:
        return "topic", None
    channel = way_to(listener, journey, sms=asking.club.sms is not None)
    if channel is not None:
        return "", channel
    return "blocked" if listener.blocked else "unreachable", None
