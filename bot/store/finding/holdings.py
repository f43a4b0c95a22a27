"""What people have in hand, by the programme's ids: what a change of the programme may take."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from pydantic import TypeAdapter
from sqlalchemy import bindparam, func, select

from rules.checking.losses import Holdings, MemberHoldings, holdings_of

from ..engine.db import Store, UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import devices, members, staff
from ..tables.club import STANDS
from .due_members import PAGE

_HELD = TypeAdapter(MemberHoldings)
_STANDING = PreparedStatement(
    select(members.c.id, members.c.facts)
    .where(members.c.id > bindparam("after"), STANDS)
    .order_by(members.c.id)
    .limit(PAGE)
)


def holdings(store: Store, *, day: date) -> Holdings:
    """All that members hold on `day`, and at how many the branches' staff and devices work."""
    with store.read() as uow:
        desks = _desks(uow)
    return holdings_of(_standing(store), desks, day=day)


def _desks(uow: UnitOfWork) -> Counter[str]:
    """How many of the staff, and how many devices, belong to each branch."""
    people = select(staff.c.store, func.count().label("number")).where(
        staff.c.store.is_not(None), staff.c.disabled_at.is_(None)
    )
    machines = select(devices.c.store, func.count().label("number")).where(
        devices.c.revoked_at.is_(None)
    )
    found: Counter[str] = Counter()
    for each in (people.group_by(staff.c.store), machines.group_by(devices.c.store)):
        found.update({row.store: row.number for row in uow.run(each)})
    return found


def _standing(store: Store) -> Iterator[MemberHoldings]:
    """What everybody holds who is neither erased nor merged into another, a page at a time."""
    last = 0
    while True:
        with store.read() as uow:
            page = uow.ask(_STANDING, {"after": last})
        # Nothing else of the facts is read, which takes a third of the time.
        yield from (_HELD.validate_json(facts) for _, facts in page)
        if len(page) < PAGE:
            return
        last = page[-1][0]
