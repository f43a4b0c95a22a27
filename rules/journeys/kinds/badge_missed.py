"""A season's badge that one visit would have brought."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from rules.programme.badges import Season, progress
from rules.programme.programme import Programme
from rules.sending.policy import JourneyTopic
from rules.shop import day_in_year

from ..candidates import LAST_VISIT_ON, Candidates, ClubOnDay
from ..journey import Guess, Journey
from ..member import DAY, JourneyReason, MemberOnDay
from ..parts import JourneyId, PictureKind, Priority, UsefulHours, VisitsMin


class BadgeMissed(Journey):
    """The season of a badge is over, and one visit was missing."""

    kind: Literal["badge_missed"] = "badge_missed"
    id: JourneyId = "badge_missed"
    visits_min: VisitsMin = 1
    topic: JourneyTopic = "ranks"
    priority: Priority = 6
    useful_hours: UsefulHours = 24 * 4
    picture: PictureKind = "badge"

    own_placeholders = ("had", "needed", "target")
    buttons = ("badges",)
    guess = Guess(reach=0.01, base=0.4, lift=0.1)
    persuades = True

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        for badge in club.programme.badges:
            if not isinstance(badge.needs, Season) or badge.hidden:
                continue
            starts, ends = _last_season(badge.needs, club.day)
            if club.day < ends + DAY * self.late_days(club):
                yield self.among(span=LAST_VISIT_ON.span(starts, club.day))

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """A season is over in which they came, and one visit more would have brought its badge."""
        facts, day = member.facts, member.day
        for badge in member.programme.badges:
            if not isinstance(badge.needs, Season) or badge.hidden or badge.id in facts.badges:
                continue
            starts, ends = _last_season(badge.needs, day)
            had, needed = progress(badge, facts, day)
            if had == needed - 1 and facts.totals(starts, ends).visits:
                values = {"had": had, "needed": needed}
                period = f"{badge.id}:{ends.year}"
                return JourneyReason(period, ends, None, target=badge.id, values=values)
        return "no_badge_missed"

    def is_idle(self, programme: Programme) -> bool:
        seasons = [b for b in programme.badges if isinstance(b.needs, Season) and not b.hidden]
        return not seasons


def _last_season(season: Season, day: date) -> tuple[date, date]:
    """The newest season that was over by `day`, as a half-open range."""
    for year in (day.year, day.year - 1):
        ends = _day_of(season.ends, year) + DAY
        if ends <= day:
            wraps = season.starts > season.ends
            return _day_of(season.starts, year - wraps), ends
    raise AssertionError("a season ends every year")


def _day_of(month_day: str, year: int) -> date:
    return day_in_year(year, int(month_day[:2]), int(month_day[3:]))
