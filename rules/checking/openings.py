"""When the club can be come to, by its weekly rhythm and its hours."""

from ..base import Hours
from ..programme.programme import Programme
from ..shop import Shop


def open_days(shop: Shop, window: int) -> int:
    """How many of `window` days in a row the shop is open, by its weekly rhythm, at the least."""
    weeks, rest = divmod(window, 7)
    shut = len(set(shop.closed_weekdays))
    return weeks * (7 - shut) + max(0, rest - shut)


def visits_a_week(programme: Programme) -> int:
    """How often somebody can come in a week."""
    return open_days(programme.shop, 7) * programme.visits.per_day_max


def open_within(programme: Programme, hours: Hours, stores: tuple[str, ...] = ()) -> bool:
    """Whether one of `stores` (none named: any) is open within `hours`, as far as is known."""
    named = stores or tuple(store.id for store in programme.stores)
    known = [programme.hours_of(store) for store in named]
    return any(its is None or its.meets(hours) for its in known)
