"""Good customers who stopped coming, and whom staff telephone before any message goes out; but for
those who don't want calls."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bot.store import UnitOfWork
from bot.store.finding import audience, candidates
from bot.store.heard import contacts
from bot.store.members import members, mergers
from bot.store.members.members import Member
from bot.store.messages import decisions
from rules.facts import Facts
from rules.journeys.calls import journeys_with_calls, to_call
from rules.journeys.candidates import ClubOnDay
from rules.journeys.deciding import in_force
from rules.journeys.member import Background, MemberOnDay
from rules.programme.programme import Programme

from ..club import Club
from .viewer import as_of, in_segments

#: More than these nobody telephones in a few days.
CALLS_MAX = 100


@dataclass(frozen=True, slots=True)
class CallEntry:
    """Somebody to telephone."""

    member: Member
    #: Settled up to today.
    facts: Facts
    #: When nobody answered last, since they were last here; None: nobody tried.
    tried_at: datetime | None


def waiting_for_a_call(club: Club) -> list[CallEntry]:
    """Whom to telephone now, at most CALLS_MAX, whose days are over soonest first."""
    return list(islice(_entries(club), CALLS_MAX))


def _entries(club: Club) -> Iterator[CallEntry]:
    programme = club.timeline().at(club.now()).programme
    today = ClubOnDay(programme, programme.shop.business_date(club.now()))
    # Two journeys may name the same person.
    asked = (each for journey in journeys_with_calls(programme) for each in journey.callees(today))
    for page in candidates.pages_of(club.store, asked, programme.shop):
        for start in range(0, len(page), CALLS_MAX):
            with club.store.read() as uow:
                some = _due_entries(uow, club, programme, page[start : start + CALLS_MAX])
            yield from some


def _due_entries(
    uow: UnitOfWork, club: Club, programme: Programme, ids: Sequence[int]
) -> list[CallEntry]:
    shop, timeline = programme.shop, club.timeline()
    now = club.now()
    day = shop.business_date(now)
    whose = mergers.by_card(uow, ids)
    unwanted = {whose[card] for card in contacts.refused(uow, "phone", whose)}
    ids = [each for each in ids if each not in unwanted]
    asking = journeys_with_calls(programme)
    also = {named for each in asking for named in each.segments_asked}
    as_now = [as_of(timeline, member, now) for member in members.many(uow, ids)]
    known = {each.id: each for each in in_segments(uow, programme, day, as_now, also=also)}
    spoke = audience.last_calls(uow, ids)
    tried = audience.last_calls(uow, ids, outcome=audience.NO_ANSWER)
    last_ones = ((each.id, in_force(decisions.last(uow, each))) for each in asking)
    decided = {journey: decision for journey, decision in last_ones if decision}
    found = []
    for member in (known[member_id] for member_id in ids if member_id in known):
        facts = member.facts
        at = spoke.get(member.id)
        called_on = shop.business_date(at) if at else None
        spoken_with = Background(language=member.language, called_on=called_on)
        who = MemberOnDay(programme, facts, day, timeline.models, spoken_with)
        if to_call(who, str(member.id), decided):
            last = tried.get(member.id)
            is_new = last is not None and shop.business_date(last) >= facts.away_since
            found.append(CallEntry(member, facts, last if is_new else None))
    return found
