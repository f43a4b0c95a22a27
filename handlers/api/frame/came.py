"""What an action came to, as every door tells it."""

from pydantic import Field

from handlers.actions.recording.outcome import Outcome
from rules.base import Refusal

from .models import AnswerPart, Name
from .problems import refuse


class GrantedPoints(AnswerPart):
    """Points that one rule gave."""

    rule: str = Field(description="The rule's id in the programme.")
    points: int


class GivenVoucher(AnswerPart):
    """A reward that came into the member's hand."""

    reward: Name
    voucher: int = Field(description="By which number it is used.")
    until: str = Field(description="The last day on which it can be used (YYYY-MM-DD).")


class WhatCame(AnswerPart):
    """What was recorded, and what it brought. A repeat of the request is told the same."""

    action: str = Field(description="By which it is undone: the key of the request that did it.")
    points: int = Field(description="The points that it brought, or took.")
    balance: int = Field(description="The points there were afterwards.")
    grants: list[GrantedPoints] = Field(description="What brought them, by rule.")
    rank: str | None = Field(description="The rank that it led to; null where it led to none.")
    badges: list[str] = Field(description="The badges that it brought.")
    vouchers: list[GivenVoucher] = Field(description="The rewards that it brought.")


def done(outcome: Outcome) -> Outcome:
    """The outcome of what was done; raises what was refused."""
    if outcome.refused is not None:
        raise refuse(Refusal(outcome.refused, outcome.again_at))
    return outcome


def what_came(outcome: Outcome, action: str, *, points: int | None = None) -> WhatCame:
    """The outcome as it is told; `points` where it took some."""
    ups = [change.after for change in outcome.rank_changes]
    return WhatCame(
        action=action,
        points=outcome.points if points is None else points,
        balance=outcome.balance,
        grants=[GrantedPoints(rule=each.rule, points=each.points) for each in outcome.grants],
        rank=ups[-1] if ups else None,
        badges=list(outcome.badges),
        vouchers=[
            GivenVoucher(reward=each.reward, voucher=each.n, until=each.until.isoformat())
            for each in outcome.vouchers
        ],
    )
