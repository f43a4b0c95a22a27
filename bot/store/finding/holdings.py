"""What people have in hand, by the programme's ids: what a change of the programme may take."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select

from rules.checking.losses import Holdings, holdings_of
from rules.facts import Facts

from ..engine.db import Store, UnitOfWork
from ..members import members
from ..tables import devices, staff
from .due_members import PAGE, slice_after


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


def _standing(store: Store) -> Iterator[Facts]:
    """What is known of everybody neither erased nor merged into another, a page at a time."""
    last = 0
    while True:
        with store.read() as uow:
            ids = slice_after(uow, last, limit=PAGE)
            page = members.many(uow, ids)
        yield from (m.facts for m in page if m.erased_at is None and m.merged_into is None)
        if len(ids) < PAGE:
            return
        last = ids[-1]
