"""How much staff may enter by themselves: on a receipt, by hand, in a day. What nobody enters every
day is asked twice, with the figure, and shown to the owner."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from ..base import POINTS_MAX, YEN_MAX, Strict

Count = Annotated[int, Field(ge=1, le=10_000)]


class Limits(Strict):
    """What one person may enter, and from when on they are asked whether they mean it."""

    #: An amount of so much or more is asked again.
    amount_yen_asked: Annotated[int, Field(ge=1, le=YEN_MAX)] = 30_000
    #: A larger one is a manager's to enter.
    amount_yen_max: Annotated[int, Field(ge=1, le=YEN_MAX)] = 300_000
    #: More onto one card in a business day is a manager's too.
    amounts_yen_per_day_max: Annotated[int, Field(ge=1, le=YEN_MAX)] = 1_000_000
    #: So is more by one person in a business day, on whatever cards.
    entered_yen_per_day_max: Annotated[int, Field(ge=1, le=YEN_MAX)] = 3_000_000
    #: So many points by hand, given or taken, or more are asked again.
    points_asked: Annotated[int, Field(ge=1, le=POINTS_MAX)] = 1_000
    #: More at once are the owner's.
    points_max: Annotated[int, Field(ge=1, le=POINTS_MAX)] = 10_000
    #: More by one person in a business day are the owner's too.
    points_per_day_max: Annotated[int, Field(ge=1, le=POINTS_MAX)] = 30_000
    #: More slips by one person in a business day are a manager's.
    slips_per_day_max: Count = 30
    #: So are more codes that put a card onto LINE.
    codes_per_day_max: Count = 30

    #: In the week after a card was put together with another, or put onto another LINE account, a
    #: reward may be worth so much.
    moved_reward_yen_max: Annotated[int, Field(ge=0, le=YEN_MAX)] = 300

    #: A reward worth so much or more, handed out on the card alone, asks who does it for their PIN.
    reward_yen_asked: Annotated[int, Field(ge=0, le=YEN_MAX)] = 500

    def asks_proof(self, value_yen: int, *, named: bool) -> bool:
        """Whether whoever hands out a reward worth so much on the card alone gives their PIN. They
        always do unless it is `named`: a card on paper of somebody whose name is known. Others have
        nothing to be looked at by, or LINE, where they could show the reward's page."""
        return not named or value_yen >= self.reward_yen_asked

    def holds_back(self, value_yen: int, held_until: datetime | None, now: datetime) -> bool:
        """Whether a reward worth so much isn't handed out yet on a card held until then."""
        is_held = held_until is not None and now < held_until
        return is_held and value_yen > self.moved_reward_yen_max

    def asks_amount(self, yen: int) -> bool:
        """Whether so large an amount is asked again."""
        return yen >= self.amount_yen_asked

    def asks_points(self, points: int) -> bool:
        """Whether so many points by hand are asked again."""
        return abs(points) >= self.points_asked
