"""Campaigns that staff switched on for a day (a rainy one), and off again, each from its moment
on."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Label, and_, bindparam, delete, func, insert, literal_column, select

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import switchings

_KIND = "switches"
_OF_DAY = PreparedStatement(
    select(switchings.c.campaign, switchings.c.at, switchings.c.is_on)
    .where(
        switchings.c.store == bindparam("branch"), switchings.c.business_date == bindparam("day")
    )
    .order_by(switchings.c.at)
)
_later = switchings.alias()


def last_on(*, on_sqlite: bool = False) -> Label[str]:
    """What is on at the end of a day's switchings, in all stores: "kawabe rain,ekimae rain"."""
    joined = func.group_concat if on_sqlite else func.string_agg
    named = switchings.c.store + literal_column("' '") + switchings.c.campaign
    return (
        select(joined(named, literal_column("','")))
        .where(
            switchings.c.business_date == bindparam("day"),
            switchings.c.is_on,
            ~select(_later.c.at)
            .where(
                _later.c.store == switchings.c.store,
                _later.c.business_date == switchings.c.business_date,
                _later.c.campaign == switchings.c.campaign,
                _later.c.at > switchings.c.at,
            )
            .exists(),
        )
        .scalar_subquery()
        .label("switched_on")
    )


#: The stores at which a campaign is switched on, by its id.
SwitchedOn = dict[str, frozenset[str]]


def read_last_on(told: str | None) -> SwitchedOn:
    """What `last_on` tells."""
    found: SwitchedOn = {}
    for each in (told or "").split(",") if told else ():
        store, campaign = each.split(" ")
        found[campaign] = found.get(campaign, frozenset()) | {store}
    return found


def on(uow: UnitOfWork, store: str, day: date, at: datetime) -> tuple[str, ...]:
    """The campaigns that were on at `store` at a moment of business day `day`, as the transaction
    first saw them."""
    known: Iterable[tuple[str, datetime, bool]] | None = uow.identities.get(_KIND, (store, day))
    if known is None:
        known = tuple(uow.ask(_OF_DAY, {"branch": store, "day": day}))
        uow.identities.put(_KIND, (store, day), known)
    state = {campaign: is_on for campaign, since, is_on in known if since <= at}
    return tuple(sorted(campaign for campaign, is_on in state.items() if is_on))


def switch(
    uow: UnitOfWork, store: str, day: date, campaign: str, *, to: bool, at: datetime
) -> None:
    """Switches a campaign on or off there from a moment of that day on; recorded visits keep what
    they got. Of two switchings the later one counts, whichever comes first."""
    uow.identities.forget(_KIND, (store, day))
    same = and_(
        switchings.c.store == store,
        switchings.c.business_date == day,
        switchings.c.campaign == campaign,
        switchings.c.at == at,
    )
    uow.run(delete(switchings).where(same))
    row = {"store": store, "business_date": day, "campaign": campaign, "at": at, "is_on": to}
    uow.run(insert(switchings).values(row))
