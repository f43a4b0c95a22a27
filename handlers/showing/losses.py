"""What a new version of the programme would take from people, by what they have in hand now."""

from bot.store.finding.holdings import holdings
from handlers.club import Club
from rules.checking.losses import Loss, losses, may_lose
from rules.programme.programme import Programme


def losses_of(club: Club, old: Programme, new: Programme) -> tuple[Loss, ...]:
    """What members and staff lose by `new` against `old`. All members are read only where anybody
    can lose anything."""
    day = new.shop.business_date(club.now())
    if not may_lose(old, new, day=day):
        return ()
    return losses(old, new, holdings(club.store, day=day), day=day)
