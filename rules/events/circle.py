"""Who has a seat in the inner circle, and who may take one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ..base import Refusal
from ..programme.programme import Programme

#: invited: staff asked them. in: the seat is theirs. declined: they said no. left: they have been.
SeatState = Literal["invited", "in", "declined", "left"]
#: How they came to be asked: by their rank, or by somebody of the shop.
SeatGround = Literal["rank", "staff"]
SeatWay = Literal["chat", "card", "staff"]


@dataclass(frozen=True, slots=True)
class CircleSeat:
    """How somebody stands to the circle."""

    member_id: int
    state: SeatState
    #: Since when.
    at: datetime
    via: SeatWay
    ground: SeatGround
    #: When staff asked them last.
    invited_at: datetime | None = None
    #: When they came in last.
    joined_at: datetime | None = None

    @property
    def is_in(self) -> bool:
        return self.state == "in"


def brings_seat(programme: Programme, rank: str | None) -> bool:
    """Whether whoever holds `rank` is asked to the circle."""
    if programme.circle is None or programme.ranks is None:
        return False
    return any(perk.kind == "circle" for perk in programme.ranks.perks_of(rank))


def may_join(programme: Programme, rank: str | None, seat: CircleSeat | None) -> Refusal | None:
    """Why who holds `rank` and stands like that can't come in: circle_none (there is none), or
    circle_not_asked. None where they can: whoever was asked or in it once may still come."""
    if programme.circle is None:
        return Refusal("circle_none")
    # No seat is written down before somebody was asked.
    was_asked = seat is not None
    return None if was_asked or brings_seat(programme, rank) else Refusal("circle_not_asked")


def is_asked_now(
    programme: Programme, before: str | None, after: str | None, seat: CircleSeat | None
) -> bool:
    """Whether a step up from `before` to `after` is one with which somebody is asked: who is in,
    left or declined isn't asked again by it."""
    reached = brings_seat(programme, after) and not brings_seat(programme, before)
    return reached and (seat is None or seat.state == "invited")
