"""Whom staff telephone before any message goes out."""

from collections.abc import Collection

from ..programme.programme import Programme
from .arms import is_held_back, share_held_back
from .kinds.ask_why import AskWhy
from .member import MemberOnDay
from .programme import journeys_of


def journeys_with_calls(programme: Programme) -> tuple[AskWhy, ...]:
    """The journeys that leave staff some days to telephone first."""
    asking = (journey for journey in journeys_of(programme) if isinstance(journey, AskWhy))
    return tuple(journey for journey in asking if journey.call_days)


def to_call(member: MemberOnDay, salt: str, decided: Collection[str] = ()) -> bool:
    """Whether staff should telephone this member (`salt`: see `arms`). Who is held back for a
    journey's test is not called for it either: a call is a good part of what is tested. `decided`
    are the ids of those whose test has been ended."""
    return any(
        journey.is_to_call(member)
        and not _is_held_back(journey, member, salt, decided=journey.id in decided)
        for journey in journeys_with_calls(member.programme)
    )


def _is_held_back(journey: AskWhy, member: MemberOnDay, salt: str, *, decided: bool) -> bool:
    """The draw of the message that this absence will lead to."""
    share = share_held_back(journey, member.programme, decided=decided)
    return is_held_back(journey, salt, journey.period_of(member), share)
