"""What the club's journeys brought until now, counted for each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.store import UnitOfWork
from bot.store.finding import due_members, results
from bot.store.messages import decisions
from handlers.club import Club
from rules.journeys.arms import share_held_back
from rules.journeys.counts import CountedJourney, version_span
from rules.journeys.deciding import in_force
from rules.journeys.journey import Journey
from rules.programme.programme import Programme


def counted(
    club: Club, programme: Programme, journeys: Sequence[Journey], *, now: datetime
) -> Iterator[CountedJourney]:
    """What was counted of each, as they stand in `programme`."""
    with club.store.read() as uow:
        members = due_members.count_members(uow)
    for journey in journeys:
        with club.store.read() as uow:
            yield replace(_counted(uow, club, programme, journey, now), members=members)


def _counted(
    uow: UnitOfWork, club: Club, programme: Programme, journey: Journey, now: datetime
) -> CountedJourney:
    span = version_span(club.timeline(), journey, now=now)
    found = results.journey_counts(
        uow,
        journey.queued_as,
        window=timedelta(days=journey.measure_days),
        since=span.since,
        now=now,
    )
    is_decided = in_force(decisions.last(uow, journey)) is not None
    share = share_held_back(journey, programme, decided=is_decided)
    first_at = found.first_at
    days = 0.0 if first_at is None else (now - first_at) / timedelta(days=1)
    return CountedJourney(journey, share, found.sides, first_at, days, span.steady)
