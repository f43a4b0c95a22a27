"""What a member has by their rank and by what they subscribe to, and where it leads: to events,
rewards, campaigns and the inner circle."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot.store import UnitOfWork
from bot.store.events import seats
from rules.checking.perk_cautions import SOON_DAYS
from rules.events.perk_ways import (
    LEADING,
    is_for_ranks_alone,
    keeps_by_campaign,
    keeps_by_event,
    keeps_by_reward,
)
from rules.explaining.event_words import day_line
from rules.explaining.explain_perks import held_name, held_way
from rules.first import FirstFor
from rules.programme.campaigns import Campaign
from rules.programme.ranks import Perk
from rules.programme.rewards import Reward
from rules.programme.subscriptions import HeldPerk, held_perks
from rules.wording.words import Words

from .circle_views import circle_name
from .events import EventForMember, events_for
from .viewer import Viewer

LeadKind = Literal["event", "reward", "campaign", "circle"]
#: Of more there is nothing to choose from, but a list.
_EACH_MAX = 3


@dataclass(frozen=True, slots=True)
class PerkLead:
    """What a perk is, now or soon."""

    kind: LeadKind
    name: str
    #: When it is, or until when it is for them alone; of the circle how they stand to it.
    when: str
    #: The event's; 0 for anything else.
    event: int = 0

    def told(self, words: Words) -> str:
        return words.say("explain.perk.lead.is", name=self.name, when=self.when)


@dataclass(frozen=True, slots=True)
class MemberPerk:
    """Something that a rank brings, or a subscription."""

    name: str
    #: How they come by it; "" where nobody says.
    way: str
    #: Whether it comes true by something to come, and by what; by nothing while nothing comes.
    is_leading: bool
    leads: tuple[PerkLead, ...]


def member_perks(viewer: Viewer, uow: UnitOfWork, now: datetime) -> tuple[MemberPerk, ...]:
    """What the rank they hold brings, and those below, and what they subscribe to."""
    programme, facts = viewer.programme, viewer.facts
    held = held_perks(programme.ranks, programme.subscriptions, facts, viewer.day)
    kinds = {each.perk.kind for each in held}
    shown = events_for(viewer, uow, now) if kinds & set(LEADING) else []
    coming = [each for each in shown if _is_theirs(each)]
    circle = _circle(viewer, uow) if "circle" in kinds else ()
    return tuple(
        _perk(viewer, each, circle if each.perk.kind == "circle" else _leads(viewer, each, coming))
        for each in held
    )


def _perk(viewer: Viewer, held: HeldPerk, leads: tuple[PerkLead, ...]) -> MemberPerk:
    is_leading = held.perk.kind in LEADING or bool(leads)
    name, way = held_name(viewer.words, held), held_way(viewer.words, held)
    return MemberPerk(name, way, is_leading, leads[:_EACH_MAX])


def _leads(viewer: Viewer, held: HeldPerk, coming: list[EventForMember]) -> tuple[PerkLead, ...]:
    perk, rank = held.perk, viewer.facts.rank.id
    if rank is None:
        return ()
    return (*_events(viewer, perk, rank, coming), *_opening(viewer, perk, rank))


def _circle(viewer: Viewer, uow: UnitOfWork) -> tuple[PerkLead, ...]:
    """To the circle, where there is one."""
    if viewer.programme.circle is None:
        return ()
    seat = seats.get(uow, viewer.member.id)
    is_in = seat is not None and seat.is_in
    said = viewer.words.say(
        "explain.perk.lead.circle_in" if is_in else "explain.perk.lead.circle_open"
    )
    return (PerkLead("circle", circle_name(viewer), said),)


def _is_theirs(each: EventForMember) -> bool:
    """Whether they may come, or do."""
    return each.state in ("taken", "waiting", "offered") or (
        each.state is None and each.refused is None and bool(each.stored.sittings)
    )


def _events(
    viewer: Viewer, perk: Perk, rank: str, coming: list[EventForMember]
) -> tuple[PerkLead, ...]:
    """Those that are for ranks, where there are any: what all may come to is nobody's perk then."""
    found = [each for each in coming if keeps_by_event(perk, rank, each.stored.event)]
    own = [each for each in found if is_for_ranks_alone(each.stored.event)]
    if perk.kind == "early_access":
        own = [each for each in found if each.stored.event.is_early(each.now)]
        found = own
    return tuple(
        PerkLead(
            "event",
            each.stored.event.title.in_(viewer.lang),
            day_line(viewer.words, each.held or each.stored.sittings[0]),
            each.id,
        )
        for each in own or found
    )


def _opening(viewer: Viewer, perk: Perk, rank: str) -> Iterator[PerkLead]:
    """The rewards and campaigns that open to them first."""
    programme = viewer.programme
    rewards = (each for each in programme.rewards if keeps_by_reward(perk, rank, each))
    campaigns = (each for each in programme.campaigns if keeps_by_campaign(perk, rank, each))
    opening: list[Reward | Campaign] = [*rewards, *campaigns]
    for each in opening:
        when = _when(viewer, each.first, each.starts, each.ends)
        kind: LeadKind = "reward" if isinstance(each, Reward) else "campaign"
        if when:
            yield PerkLead(kind, viewer.words.name(each.name), when)


def _when(viewer: Viewer, first: FirstFor | None, starts: date | None, ends: date | None) -> str:
    """From when on it is theirs, or until when theirs alone; empty where it isn't (any more), or
    not soon."""
    day, words = viewer.day, viewer.words
    if first is None or not first.is_early(day) or (ends is not None and ends < day):
        return ""
    if starts is not None and starts > day:
        soon = starts <= day + timedelta(days=SOON_DAYS)
        return words.say("explain.perk.lead.from", starts=starts) if soon else ""
    return words.say("explain.perk.lead.until", until=first.until)
