"""What a message has to bring, to be worth what it costs."""


def break_even(message_cost: float, gift_cost: float, margin: float) -> float | None:
    """How many extra visits 100 messages have to bring, to pay for themselves; None where a visit
    earns nothing.

    All in the same money: a message, the gifts that a message costs on average (also those of
    whoever would have come anyway), and what a visit earns. More than 100 can't be reached.
    """
    return 100 * (message_cost + gift_cost) / margin if margin > 0 else None
