"""Queuing the messages that journeys have for a business day: each journey once a day, each message
once for its (member, journey, period), whatever dies on the way.

What is queued is not yet sent: whoever delivers asks again whether it is still due.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

import structlog

from bot.store import UnitOfWork
from bot.store.finding import ticks
from bot.store.messages import outbox
from bot.store.messages.outbox import PlannedMessage
from handlers.actions.telling.messages import SayJourney, dump
from handlers.club import Club
from handlers.showing.journey_audience import (
    JourneyVerdict,
    journey_run,
    journeys_to_queue,
    judge,
    pages,
)
from rules.journeys.journey import Journey
from rules.journeys.member import DueMessage
from rules.programme.programme import Programme

from ..delivery.quota import tell_owner
from .measuring import promote_winners

log = structlog.get_logger(__name__)

#: After a longer outage nobody asks any more what has become too late.
MISSED_DAYS_MAX = 31


def run_if_due(club: Club) -> bool:
    """Queues what each journey has for today, unless it has been done; gives whether any did.

    Not before the night's work of the day: it judges the periods that ended.
    """
    now = club.now()
    programme = club.timeline().at(now).programme
    day = programme.shop.business_date(now)
    with club.store.read() as uow:
        if not ticks.tick_done(uow, f"tick:nightly:{day.isoformat()}"):
            return False
        open_ones = [
            j for j in journeys_to_queue(programme) if not ticks.tick_done(uow, _key(j, day))
        ]
        last = {j.id: ticks.last_tick(uow, f"journey-{j.id}") for j in open_ones}
        rests = bool(open_ones) and ticks.journeys_rest(uow, day)
    if open_ones:
        # What has won is drawn by already today.
        promote_winners(club, now)
    if rests:
        with club.store.begin() as uow:
            ticks.let_journeys_rest(uow, day)
    for journey in open_ones:
        missed = min(ticks.days_missed(last[journey.id], day), MISSED_DAYS_MAX)
        run(club, journey, day=day, now=now, missed_days=missed)
        with club.store.begin() as uow:
            ticks.mark_tick(uow, _key(journey, day), at=now)
    if open_ones:
        # The day's messages are known now, and none of them has gone out.
        tell_owner(club, now)
    return bool(open_ones)


def is_queued(uow: UnitOfWork, programme: Programme, day: date) -> bool:
    """Whether each journey has been asked for that business day."""
    return all(ticks.tick_done(uow, _key(each, day)) for each in journeys_to_queue(programme))


def _key(journey: Journey, day: date) -> str:
    return f"tick:journey-{journey.id}:{day.isoformat()}"


def run(
    club: Club, journey: Journey, *, day: date, now: datetime, missed_days: int = 0
) -> Counter[str]:
    """Queues what `journey` has for business day `day`, before which it was not asked for so many
    days; gives how often what came of it: `queued`, `held_out`, or the reason why not. What would
    have been due on the missed days and has become too late is among the reasons."""
    programme = club.timeline().at(now).programme
    asking = journey_run(club, programme, journey, day, missed_days=missed_days)
    outcomes: Counter[str] = Counter()
    with club.store.read() as uow:
        rests = ticks.journeys_rest(uow, day)
    for ids in pages(asking):
        # Judged by reading alone, so that nobody's writing waits for it; whoever delivers judges
        # anew.
        with club.store.read() as uow:
            judged = judge(uow, asking, sorted(ids))
        with club.store.begin() as uow:
            due = list(_messages(journey, judged, now=now))
            new = outbox.queue_many(uow, [_put_by(each) for each in due] if rests else due)
        outcomes += Counter(outcome(each) for each in judged)
        outcomes["new"] += new
    if outcomes:
        log.info("journey_asked", journey=journey.id, **outcomes)
    return outcomes


def outcome(judged: JourneyVerdict) -> str:
    """In a word, what a journey has for a member."""
    if not isinstance(judged.answer, DueMessage):
        return judged.answer.reason
    return (judged.draw and judged.draw.withheld) or "queued"


def _messages(
    journey: Journey, judged: Iterable[JourneyVerdict], *, now: datetime
) -> Iterable[PlannedMessage]:
    for each in judged:
        if each.draw is not None and isinstance(each.answer, DueMessage):
            yield planned(journey, each, each.answer, now=now)


def _put_by(message: PlannedMessage) -> PlannedMessage:
    """The same not to be sent: the club that this one came from may have sent it since."""
    if message.status != "queued":
        return message
    return message._replace(status="skipped", reason="moved")


def planned(
    journey: Journey, judged: JourneyVerdict, due: DueMessage, *, now: datetime
) -> PlannedMessage:
    """The message that is `due` to a member, as it was drawn for them."""
    draw = judged.draw
    if draw is None:
        raise ValueError("nothing was drawn")
    say = SayJourney(name=journey.id, period=due.period, arm=draw.arm)
    return PlannedMessage(
        judged.listener.member.id,
        journey.queued_as,
        due.period,
        dump(say),
        topic=journey.topic,
        queued_at=now,
        not_before=max(now, due.not_before or now),
        useful_until=due.useful_until,
        priority=journey.priority,
        channel=judged.channel or "line",
        arm=draw.arm,
        step=due.step,
        status="held_out" if draw.withheld else "queued",
        reason="other_audience" if draw.withheld == "other_audience" else None,
        chance=draw.chance,
        share=float(draw.share),
    )
