"""How a lost rank comes back."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.programme import ranks
from rules.programme.programme import Programme
from rules.programme.ranks import Ladder
from rules.sending.policy import Topic

from ..candidates import Candidates, ClubOnDay, IndexedDay
from ..journey import Guess, Journey
from ..member import DAY, JourneyReason, MemberOnDay
from ..parts import JourneyId, PictureKind, Priority, UsefulHours

_RANK_LOST_ON = IndexedDay("rank_lost_on", lambda facts: facts.rank.lost_on)


class RankLost(Journey):
    """`after_days` after a rank was lost, while it can still be revived."""

    kind: Literal["rank_lost"] = "rank_lost"
    id: JourneyId = "rank_lost"
    after_days: Annotated[int, Field(ge=0, le=60)] = 7
    topic: Topic = "ranks"
    priority: Priority = 1
    useful_hours: UsefulHours = 24 * 7
    picture: PictureKind = "rank"

    own_placeholders = ("count", "target", "until")
    about_absence = True
    buttons = ("rank",)
    guess = Guess(reach=0.03, base=0.3, lift=0.1)
    persuades = True
    own_day = _RANK_LOST_ON

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        if club.programme.ranks:
            last = club.day - DAY * self.after_days
            span = _RANK_LOST_ON.span(last - DAY * self.late_days(club), last)
            yield self.among(span=span)

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """A rank went, and so many visits bring it back: while they can still be made."""
        ladder, held = member.programme.ranks, member.facts.rank
        if ladder is None or held.lost is None or held.lost_on is None:
            return "no_rank_lost"
        count = ranks.visits_to_revive(ladder, member.shop, member.facts, member.day)
        ends = ranks.revival_ends(ladder, member.shop, held.lost_on)
        if not count or not _can_revive(member, ladder, count, ends):
            return "no_revival"
        since = held.lost_on + DAY * self.after_days
        if member.day < since:
            return "not_yet"
        values = {"count": count, "until": ends - DAY}
        period = f"{held.lost}:{held.lost_on.isoformat()}"
        return JourneyReason(period, since, ends, target=held.lost, values=values)

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"count": self.after_days}

    def lacks(self, programme: Programme) -> str | None:
        revival = programme.ranks and programme.ranks.revival
        return None if revival else "ranks.revival"


def _can_revive(member: MemberOnDay, ladder: Ladder, count: int, ends: date) -> bool:
    above = ladder.index(member.facts.rank.lost) > ladder.index(member.facts.rank.id)
    return above and count <= member.visits_possible(ends)
