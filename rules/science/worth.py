"""What a message has to bring, to be worth what it costs."""

from dataclasses import dataclass


def break_even(message_cost: float, gift_cost: float, margin: float) -> float | None:
    """How many extra visits 100 messages have to bring, to pay for themselves; None where a visit
    earns nothing.

    All in the same money: a message, the gifts that a message costs on average (also those of
    whoever would have come anyway), and what a visit earns. More than 100 can't be reached.
    """
    return 100 * (message_cost + gift_cost) / margin if margin > 0 else None


@dataclass(frozen=True, slots=True)
class YenPerVisitor:
    """What one more visitor costs in messages, by a range of how many a hundred of them bring."""

    #: None where the likeliest figure is that there is none.
    about: float | None
    #: At the least; None: messages bring nobody.
    low: float | None
    #: At the most; None: there is no end to it, as they may bring nobody.
    high: float | None


def yen_per_visitor(message_cost: float, *, about: float, low: float, high: float) -> YenPerVisitor:
    """`about`, `low` and `high`: so many more visitors a hundred messages bring. The more they
    bring, the less one costs."""

    def each(visitors: float) -> float | None:
        return 100 * message_cost / visitors if visitors > 0 else None

    return YenPerVisitor(each(about), each(high), each(low))
