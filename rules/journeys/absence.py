"""What journeys to those who stay away have in common: they are due from some day of an absence on,
and to nobody before they drift."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from ..wording.words import Words
from .candidates import Candidates, ClubOnDay
from .journey import Journey
from .member import DAY, DueLater, JourneyReason, MemberOnDay


class AbsenceJourney(Journey, ABC):
    """A journey to who stays away."""

    own_placeholders = ("days",)
    about_absence = True
    persuades = True

    @abstractmethod
    def reasons(self, member: MemberOnDay) -> Sequence[JourneyReason] | str:
        """All that the member's absence gives, those to come too, in the order of their days; else
        why it gives none. What names their periods must not move when the models do: nobody is
        written twice for it."""

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """The last reason that has begun."""
        reasons = self.reasons(member)
        if isinstance(reasons, str):
            return reasons
        begun = [reason for reason in reasons if reason.since <= member.day]
        return begun[-1] if begun else "came_lately"

    def later_words(self, words: Words) -> str:
        """That whoever drifts later is written later; nobody waits for those who rest."""
        return words.say("journey.explained.later") if "active" in self.states else ""

    def due_later(self, member: MemberOnDay, period: str) -> DueLater | None:
        """Since it was queued, the club may have learned that they drift later."""
        reasons = self.reasons(member)
        if isinstance(reasons, str) or self.not_for(member):
            return None
        shop = member.shop
        its = ((self.sends_on(reason), reason) for reason in reasons if reason.period == period)
        ahead = ((on, reason) for on, reason in its if on > member.day)
        return next(
            (DueLater(shop.opens(on), self.useful_until(shop, reason)) for on, reason in ahead),
            None,
        )

    def away(
        self, club: ClubOnDay, days: int, *, late: int, drifting: int = 0
    ) -> Iterator[Candidates]:
        """Who has been away for `days`, or was `late` days ago; and who drifts later than others,
        and has been `drifting` for so long."""
        yield self.among(span=club.away_for(days, late=late))
        span = club.drifting_for(drifting, late=late)
        yield self.among(span=span, away_by=club.day - DAY * days)
