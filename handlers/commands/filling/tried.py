"""Those of the demo who tried the shop and came once or twice, or never did: cards on paper."""

from datetime import datetime, time, timedelta

from bot.store.members.profiles import Profile
from handlers.actions.counter.check_in import check_in
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.record import Request
from handlers.actions.recording.work import Work
from handlers.club import Club
from rules.activity import Visit

from .names import FAMILY, GIVEN

#: One beside so many members; they joined so many days apart, and came on so many days.
_EVERY, _APART, _CAME = 4, 13, (1, 0, 2, 1, 1)
_GAP = timedelta(days=9)


def let_some_try(club: Club, desk: Actor, beside: int) -> int:
    """Gives how many tried it, beside so many members."""
    count = beside // _EVERY
    for n in range(count):
        with club.work() as work:
            _try(work.acting(desk), n, desk.store)
            # What happened in the past is no news.
            work.recorded.clear()
    return count


def _try(work: Work, n: int, store: str) -> None:
    shop = work.programme.shop
    day = shop.business_date(work.now) - timedelta(days=n * _APART % 330 + 20)
    at = datetime.combine(day, time(15), tzinfo=shop.zone)
    name = f"{FAMILY[7 * n % len(FAMILY)]}{GIVEN[5 * n % len(GIVEN)]}"
    newcomer = Newcomer("ja", work.programme.privacy.purpose.ja, Profile(name))
    joined = join_at_counter(work.moment(at).under(f"demo:tried:{n}"), newcomer)
    for turn in range(_CAME[n % len(_CAME)]):
        then = at + turn * _GAP + timedelta(minutes=10)
        if shop.is_open(shop.business_date(then)) and then < work.now:
            visit = Request(joined.member_id, Visit("staff"), then, store)
            check_in(work.moment(then).under(f"demo:tried:{n}:{turn}"), visit)
