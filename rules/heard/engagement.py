"""Engagement: what members do, counted and not asked. It is no satisfaction and no loyalty."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from operator import add

#: What LINE sent is kept for so long: nothing longer ago can be counted.
ACTS_DAYS = 30


@dataclass(frozen=True, slots=True)
class MemberActs:
    """What one member did in the last days: came, tapped a button of the chat, wrote something."""

    visits: int = 0
    taps: int = 0
    messages: int = 0

    def __add__(self, more: "MemberActs") -> "MemberActs":
        return MemberActs(
            self.visits + more.visits, self.taps + more.taps, self.messages + more.messages
        )


@dataclass(frozen=True, slots=True)
class EngagementSummary:
    """What members did in the last days: of how many, how many did it at all, and how often."""

    members: int
    came: int
    visits: int
    tapped: int
    taps: int
    wrote: int
    messages: int
    #: How many did nothing of it.
    silent: int

    def __add__(self, others: "EngagementSummary") -> "EngagementSummary":
        """Of these members and of others."""
        return EngagementSummary(*map(add, astuple(self), astuple(others)))


def sum_up(acts: Iterable[MemberActs]) -> EngagementSummary:
    """All of them together; who did nothing is among them."""
    found = list(acts)
    return EngagementSummary(
        members=len(found),
        came=sum(each.visits > 0 for each in found),
        visits=sum(each.visits for each in found),
        tapped=sum(each.taps > 0 for each in found),
        taps=sum(each.taps for each in found),
        wrote=sum(each.messages > 0 for each in found),
        messages=sum(each.messages for each in found),
        silent=sum(each == MemberActs() for each in found),
    )
