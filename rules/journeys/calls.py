"""Whom staff telephone before any message goes out."""

from collections.abc import Mapping

from ..programme.programme import Programme
from .deciding import JourneyDecision
from .drawing import draw
from .kinds.ask_why import AskWhy
from .member import MemberOnDay
from .programme import journeys_of


def journeys_with_calls(programme: Programme) -> tuple[AskWhy, ...]:
    """The journeys that leave staff some days to telephone first."""
    asking = (journey for journey in journeys_of(programme) if isinstance(journey, AskWhy))
    return tuple(journey for journey in asking if journey.call_days)


def to_call(
    member: MemberOnDay, salt: str, decisions: Mapping[str, JourneyDecision] | None = None
) -> bool:
    """Whether staff should telephone this member (`salt`: see `arms`). From whom the message is
    withheld, they are not called for it either: a call is a good part of what is tested.
    `decisions` are those that hold, by the journeys' ids."""
    known = decisions or {}
    return any(
        journey.is_to_call(member) and _is_sent(journey, member, salt, known.get(journey.id))
        for journey in journeys_with_calls(member.programme)
    )


def _is_sent(
    journey: AskWhy, member: MemberOnDay, salt: str, decision: JourneyDecision | None
) -> bool:
    """By the draw of the message that this absence leads to."""
    return draw(journey, member, salt, journey.period_of(member), decision).withheld is None
