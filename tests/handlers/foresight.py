"""What a club foretells, as a test wants it."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from bot.store.members import members
from bot.store.tables import members as table
from handlers.club import Club
from rules.programme.timeline import Timeline
from rules.science.learned import ReturnModels


def foretells(club: Club, models: ReturnModels) -> None:
    """Lets the club go by these models from now on, and its members' rows too: as after a fit."""
    programmes = club.programmes
    known = type(programmes).timeline

    def timeline() -> Timeline:
        return replace(known(programmes), models=models)

    vars(programmes)["timeline"] = timeline
    with club.store.begin() as uow:
        for member_id in uow.run(select(table.c.id)).scalars().all():
            members.save(uow, members.lock(uow, member_id), club.foresight())


def drifts_on(club: Club, member_id: int) -> date:
    """The day on which the member drifts, as their row says."""
    with club.store.read() as uow:
        day = uow.run(select(table.c.drift_on).where(table.c.id == member_id)).scalar()
    assert isinstance(day, date)
    return day
