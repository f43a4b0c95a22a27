"""A club whose points run out, by lot or by inactivity, and its nights."""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import select

from bot.store.history import ledger
from bot.store.messages import outbox_figures
from bot.store.tables import outbox as table
from handlers.actions.calendar.expire import expire
from handlers.actions.members.membership import change_membership
from handlers.actions.telling.warnings import note_left
from rules.activity import Membership
from rules.programme.points import Lot
from tests.handlers.clubs import SmallClub

USER = "U" + "1" * 32
VISITS = """
[[earning]]
id = "visit"
name = { ja = "ご来店" }
on = "visit"
award = { kind = "fixed", points = 10 }
"""
NEVER = 'expiry = { kind = "never" }'
BY_LOT = 'expiry = { kind = "lot", months = 2, month_end = false, warn_days = [14, 3] }'
BY_INACTIVITY = 'expiry = { kind = "inactivity", months = 2, warn_days = [14, 3] }'


def night(club: SmallClub, member: int, day: date) -> int:
    """The night's step at the beginning of `day`; gives the points that went."""
    shop = club.timeline.latest.programme.shop
    club.clock.set(max(club.now, shop.opens(day) + timedelta(minutes=5)))
    before = club.balance(member)
    with club.work() as work:
        expire(work, member, day=day)
    assert club.differences(member) == []
    return before - club.balance(member)


def warnings(club: SmallClub) -> Counter[str]:
    """How many warnings there are, by what became of them."""
    with club.store.read() as uow:
        return Counter(outbox_figures.counts(uow))


def leaves(club: SmallClub, member: int) -> None:
    """Every warning that is queued leaves."""
    with club.store.read() as uow:
        queued = uow.run(select(table.c.period).where(table.c.status == "queued")).scalars().all()
    ends(club, "sent")
    for period in queued:
        with club.work() as work:
            note_left(work, member, date.fromisoformat(period.partition(":")[0]))


def ends(club: SmallClub, status: str) -> None:
    """Every warning that is queued ends so."""
    with club.store.begin() as uow:
        uow.run(table.update().where(table.c.status == "queued").values(status=status))


def lots(club: SmallClub, member: int) -> list[Lot]:
    with club.store.read() as uow:
        return list(ledger.open_lots(uow, member))


def changes(club: SmallClub, member: int, state: Membership) -> None:
    with club.work() as work:
        change_membership(work.acting("staff").under(club.key()), member, state, at=work.now)
