"""Whether there is money to go by."""

from bot.store.many.member_lists import MemberOrder

from ...current import current_programme


def has_money() -> bool:
    """Whether this shop writes down what is bought."""
    return current_programme().purchase is not None


def by_worth() -> MemberOrder:
    """By what members did in the year: what they bought, or where that isn't written down how often
    they came."""
    return "yen" if has_money() else "year"
