"""Who reads a message that is about to go out."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.store.members.members import Member
from handlers.club import Club
from rules.base import Lang
from rules.facts import Facts
from rules.judging.decide import advance
from rules.programme.points import Lot
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline
from rules.wording.names import greeting


@dataclass(frozen=True)
class Reader:
    """Who reads it: a member as of business day `day`, with the lots that still hold points. `gone`
    are the rewards out of stock, `called_on` is when staff last telephoned."""

    club: Club
    timeline: Timeline
    member: Member
    lots: tuple[Lot, ...]
    day: date
    display_name: str = ""
    gone: tuple[str, ...] = ()
    called_on: date | None = None

    @property
    def programme(self) -> Programme:
        return self.timeline.latest.programme

    @property
    def lang(self) -> Lang:
        return self.member.language

    @cached_property
    def name(self) -> str:
        """As they are greeted; empty where there is nothing to call."""
        return greeting(self.display_name, self.lang)

    @cached_property
    def facts(self) -> Facts:
        """What is known of them, brought up to the day."""
        return advance(self.timeline, self.member.facts, self.day)[0]
