"""What the club's journeys brought until now, counted for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.store import UnitOfWork
from bot.store.finding import due_members, results
from bot.store.messages import decisions, journey_counts
from handlers.club import Club
from rules.journeys.arms import share_held_back
from rules.journeys.counts import CountedJourney, version_span
from rules.journeys.deciding import JourneyDecision, in_force
from rules.journeys.journey import Journey
from rules.journeys.results import ClubResults, club_results
from rules.programme.programme import Programme

from .journey_audience import journeys_to_queue


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


@dataclass(frozen=True, slots=True)
class KeptResults:
    """What the club's journeys brought, as it was counted last."""

    results: ClubResults
    #: By journey's id: the newest decision about it; none for none.
    decisions: dict[str, JourneyDecision]
    #: The day of the oldest count; None where nothing was counted yet.
    counted_on: date | None
    #: How many journeys weren't counted yet.
    waiting: int


def kept_results(uow: UnitOfWork, programme: Programme) -> KeptResults:
    """Of all journeys of `programme` that ask for members, by what is kept for the day."""
    journeys = journeys_to_queue(programme)
    kept = journey_counts.of(uow, journeys)
    last = decisions.last_of(uow, journeys)
    found = []
    for journey in journeys:
        if journey.id in kept:
            is_decided = in_force(last.get(journey.id)) is not None
            share = share_held_back(journey, programme, decided=is_decided)
            found.append(replace(kept[journey.id].counted, share=share))
    return KeptResults(
        club_results(programme, found),
        last,
        min((each.counted_on for each in kept.values()), default=None),
        len(journeys) - len(kept),
    )
