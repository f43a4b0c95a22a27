"""Campaigns that staff switched on for a day (a rainy one)."""

from datetime import date

from sqlalchemy import bindparam, delete, select

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import switches

_KIND = "switches"
_ON = PreparedStatement(
    select(switches.c.campaign)
    .where(switches.c.store == bindparam("branch"), switches.c.business_date == bindparam("day"))
    .order_by(switches.c.campaign)
)


def on(uow: UnitOfWork, store: str, day: date) -> tuple[str, ...]:
    """The campaigns switched on at `store` for business day `day`, as the transaction first saw
    them."""
    known: tuple[str, ...] | None = uow.identities.get(_KIND, (store, day))
    if known is None:
        known = tuple(row.campaign for row in uow.ask(_ON, {"branch": store, "day": day}))
        uow.identities.put(_KIND, (store, day), known)
    return known


def switch(uow: UnitOfWork, store: str, day: date, campaign: str, *, to: bool) -> None:
    """Switches a campaign on or off there for that day; recorded visits keep what they got."""
    uow.identities.forget(_KIND, (store, day))
    row = {"store": store, "business_date": day, "campaign": campaign}
    if to:
        uow.insert_new(switches, [row])
        return
    uow.run(
        delete(switches).where(
            switches.c.store == store,
            switches.c.business_date == day,
            switches.c.campaign == campaign,
        )
    )
