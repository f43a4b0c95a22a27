"""How a lost rank comes back."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.outlook.next_step import revival_step
from rules.programme.programme import Programme
from rules.sending.policy import JourneyTopic

from ..candidates import Candidates, ClubOnDay, IndexedDay
from ..journey import Guess, Journey
from ..member import DAY, JourneyReason, MemberOnDay
from ..parts import JourneyId, PictureKind, Priority, UsefulHours

_RANK_LOST_ON = IndexedDay("rank_lost_on", lambda facts, _: facts.rank.lost_on)


class RankLost(Journey):
    """`after_days` after a rank was lost, while it can still be revived."""

    kind: Literal["rank_lost"] = "rank_lost"
    id: JourneyId = "rank_lost"
    after_days: Annotated[int, Field(ge=0, le=60)] = 7
    topic: JourneyTopic = "ranks"
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
        lost_on = member.facts.rank.lost_on
        step = revival_step(member.programme, member.facts, member.day)
        if lost_on is None:
            return "no_rank_lost"
        if step is None or step.until is None:
            return "no_revival"
        since = lost_on + DAY * self.after_days
        if member.day < since:
            return "not_yet"
        values = {"count": step.missing, "until": step.until}
        period = f"{step.target}:{lost_on.isoformat()}"
        return JourneyReason(period, since, step.until + DAY, target=step.target, values=values)

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"count": self.after_days}

    def lacks(self, programme: Programme) -> str | None:
        revival = programme.ranks and programme.ranks.offered_revival
        return None if revival else "ranks.revival"
