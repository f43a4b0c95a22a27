"""Who looks at something of the club: one member on one day, in their language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from bot.calendar import is_public_holiday
from bot.line.messages import Message
from bot.store import UnitOfWork
from bot.store.history.switches import SwitchedOn
from bot.store.many.segment_members import held_by
from bot.store.members.members import Member
from handlers.club import Club
from handlers.showing.views import Scene
from handlers.showing.voice import in_voice
from rules.base import Lang
from rules.facts import Facts, changed
from rules.judging.present import facts_at
from rules.outlook.on_today import DayAtShop, RunningCampaign, running
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline
from rules.science.learned import ReturnModels
from rules.wording.names import greeting
from rules.wording.words import Words


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """A member as they stand on a day. What each door knows besides, it adds."""

    club: Club
    programme: Programme
    #: Their facts are brought up to `day`.
    member: Member
    day: date
    #: As LINE calls them; empty where nobody knows.
    display_name: str = ""

    @property
    def lang(self) -> Lang:
        return self.member.language

    @property
    def facts(self) -> Facts:
        return self.member.facts

    @cached_property
    def name(self) -> str:
        """As they are greeted, "さくらさん"; empty where there is nothing to call."""
        return greeting(self.display_name, self.lang)

    @property
    def models(self) -> ReturnModels:
        """By what the club foretells returns."""
        return self.club.timeline().models

    @property
    def shop(self) -> str:
        return self.programme.shop.name.in_(self.lang)

    def spoken(self, messages: Sequence[Message]) -> list[Message]:
        """The messages as the shop says them to this member."""
        return in_voice(self.club, self.programme, self.lang, messages)

    @property
    def accent(self) -> str:
        return self.programme.shop.accent

    @cached_property
    def words(self) -> Words:
        """The shop's own words, as the programme's explanations use them."""
        return Words(self.programme, self.lang)

    @property
    def scene(self) -> Scene:
        """What their pictures are made with."""
        return Scene(self.programme, self.club.art, self.lang)

    def campaigns_on(
        self, switched_on: SwitchedOn, store: str | None = None
    ) -> tuple[RunningCampaign, ...]:
        """The campaigns that are on for them on the day, and at this store, where one is named."""
        holiday = is_public_holiday(self.programme.shop.country, self.day)
        day = DayAtShop(self.day, holiday, switched_on)
        return running(self.programme, day, facts=self.facts, store=store)

    def amount(self, points: int) -> str:
        """So many points: "10ポイント"."""
        return self.words.amount(points)


def viewer_of(club: Club, member: Member, *, display_name: str = "") -> Viewer:
    """The member as they look at something now."""
    viewer = viewer_as_known(club, member, display_name=display_name)
    if not viewer.programme.segments_asked(viewer.day):
        return viewer
    with club.store.read() as uow:
        known = in_segments(uow, viewer.programme, viewer.day, [viewer.member])[0]
    return replace(viewer, member=known)


def viewer_as_known(club: Club, member: Member, *, display_name: str = "") -> Viewer:
    """The same of whom nobody asks for whom something is first: nothing is read."""
    timeline, now = club.timeline(), club.now()
    programme = timeline.at(now).programme
    return Viewer(
        club=club,
        programme=programme,
        member=as_of(timeline, member, now),
        day=programme.shop.business_date(now),
        display_name=display_name,
    )


def as_of(timeline: Timeline, member: Member, now: datetime) -> Member:
    """The member with what is known of them at `now`."""
    return replace(member, facts=facts_at(timeline, member.facts, now))


def in_segments(
    uow: UnitOfWork,
    programme: Programme,
    day: date,
    those: Sequence[Member],
    *,
    also: Iterable[str] = (),
) -> list[Member]:
    """The members with which of the segments they are in, of those by which it is judged for whom
    something is first and of `also`. Nothing is asked where none is named."""
    wanted = {*programme.segments_asked(day), *also}
    ids = [each.id for each in those] if wanted else []
    held = held_by(uow, programme, day, wanted=wanted, ids=ids)
    return [
        replace(each, facts=changed(each.facts, segments=held[each.id]))
        if each.id in held
        else each
        for each in those
    ]
