"""A programme with its journeys: those a shop names, and those that are sent whatever it names.

Journeys look at everything else in a programme, so that they are put on top of it here; the rest
of the rules know a programme without them.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal, Union

from pydantic import Field

from ..programme.programme import Programme
from .journey import Journey
from .kinds import KINDS
from .kinds.birthday import BirthdayGreeting
from .kinds.first_visit import FirstVisit
from .kinds.lapsed import Lapsed
from .kinds.one_short import OneShort
from .kinds.points_expiring import PointsExpiring
from .kinds.rank_at_risk import RankAtRisk
from .kinds.reward_expiring import RewardExpiring

if TYPE_CHECKING:
    _OfSomeKind = Journey
else:
    # Which kinds there are is only known when the program runs.
    _OfSomeKind = Annotated[Union[KINDS], Field(discriminator="kind")]  # noqa: UP007

#: What every club does, as long as it doesn't say otherwise of that kind, or wants no journeys at
#: all (`journeys = []`). The points' warnings come of themselves.
DEFAULTS: tuple[Journey, ...] = (
    BirthdayGreeting(),
    Lapsed(),
    OneShort(),
    PointsExpiring(),
    FirstVisit(),
    RewardExpiring(),
)

#: Warnings that other parts of the programme promise: sent whether or not they are named.
_PROMISED: tuple[Journey, ...] = (PointsExpiring(), RankAtRisk())


class WholeProgramme(Programme):
    """What a programme's file says, journeys and all."""

    journeys: Annotated[tuple[_OfSomeKind, ...], Field(max_length=50)] = DEFAULTS

    @cached_property
    def journeys_sent(self) -> tuple[Journey, ...]:
        """Every journey that is sent, the one that goes first leading: those the shop names, of the
        six that are on everywhere those it says nothing of, and the promised warnings."""
        kinds = {journey.kind for journey in self.journeys}
        ids = {journey.id for journey in self.journeys}
        silent = [
            journey
            for journey in (*(DEFAULTS if self.journeys else ()), *_PROMISED)
            if journey.kind not in kinds and journey.id not in ids
        ]
        sent = {journey.id: journey for journey in (*self.journeys, *silent) if not journey.off}
        return tuple(sorted(sent.values(), key=lambda journey: journey.priority))


def whole(programme: Programme) -> WholeProgramme:
    """The same programme with its journeys. TypeError for one that was made without."""
    if not isinstance(programme, WholeProgramme):
        raise TypeError("this programme was made without its journeys")
    return programme


def journeys_of(programme: Programme) -> tuple[Journey, ...]:
    """Every journey that the club sends, the one that goes first leading."""
    return whole(programme).journeys_sent


def journey_named(programme: Programme, journey: str) -> Journey | None:
    """The journey of that id; None when the programme has dropped it."""
    return next((each for each in journeys_of(programme) if each.id == journey), None)


def promised_warning(
    programme: Programme, kind: Literal["points_expiring", "rank_at_risk"]
) -> Journey:
    """The warning of that kind as the programme wants it sent, or our own."""
    return next(each for each in journeys_of(programme) if each.kind == kind)
