"""What a club foretells, as a test wants it."""

from datetime import date, timedelta

from sqlalchemy import select

from bot.store.finding import ticks
from bot.store.history import return_fits
from bot.store.history.return_fits import ReturnFit
from bot.store.members import members
from bot.store.tables import members as table
from handlers.club import Club
from handlers.jobs.night.returns import week_key
from rules.science.learned import ReturnModels
from rules.shop import week_start


def foretells(club: Club, models: ReturnModels) -> None:
    """Lets the club go by these models from now on, and its members' rows too: as after a fit. For
    two years no other follows."""
    now = club.now()
    monday = week_start(club.timeline().at(now).programme.shop.business_date(now))
    with club.store.begin() as uow:
        return_fits.add(uow, ReturnFit(now, models))
        for week in range(104):
            ahead = timedelta(weeks=week)
            ticks.mark_tick(uow, week_key(monday + ahead), at=now + ahead)
    club.programmes.forget()
    with club.store.begin() as uow:
        for member_id in uow.run(select(table.c.id)).scalars().all():
            members.save(uow, members.lock(uow, member_id), club.foresight())


def drifts_on(club: Club, member_id: int) -> date:
    """The day on which the member drifts, as their row says."""
    with club.store.read() as uow:
        day = uow.run(select(table.c.drift_on).where(table.c.id == member_id)).scalar()
    assert isinstance(day, date)
    return day
