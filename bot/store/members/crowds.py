"""Many members at once: those of a page of a file, or who go together."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, delete, null, select, true, update

from rules.facts import Facts
from rules.science.drift import Foresight

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement, of_many
from ..tables import codes, members
from .member_columns import SUMMED, summary
from .members import COLUMNS, KIND, Member, keep, member_of

_LOCKED = of_many(
    select(*COLUMNS).order_by(members.c.id).with_for_update(), members.c.id, "members"
)
_MERGED = of_many(
    select(members.c.id, members.c.merged_into).where(members.c.merged_into.is_not(None)),
    members.c.id,
    "members",
)
_WITH_CODE = of_many(
    select(codes.c.member_id).where(codes.c.kind == bindparam("of")), codes.c.member_id, "members"
)
_FORGET = PreparedStatement(
    update(members)
    .where(members.c.id == bindparam("gone"))
    .values(
        {name: bindparam(name) for name in SUMMED}
        | {"erased_at": bindparam("at"), "number": "", "topics_left": "", "line_user_id": null()}
        | {"at_risk": null(), "figures_due": true()}
    )
)


def lock(uow: UnitOfWork, ids: Collection[int]) -> dict[int, Member]:
    """Those of the members that there are, theirs alone until the transaction ends."""
    rows = uow.ask(_LOCKED, {"members": ids})
    return {row.id: keep(uow, member_of(row), locked=True) for row in rows}


def keepers(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, int]:
    """Who stands for each of the members now: whoever took their history over, else themselves."""
    into: dict[int, int] = {}
    asked = found = set(ids)
    while asked:
        step = {row.id: row.merged_into for row in uow.ask(_MERGED, {"members": asked})}
        into |= step
        asked = set(step.values()) - into.keys()

    def keeper(member_id: int) -> int:
        while member_id in into:
            member_id = into[member_id]
        return member_id

    return {each: keeper(each) for each in found}


def with_code(uow: UnitOfWork, kind: str, ids: Collection[int]) -> set[int]:
    """Those of the members to whom a code of that kind leads."""
    return set(uow.ids(_WITH_CODE, {"of": kind, "members": ids}))


def forget(uow: UnitOfWork, gone: Sequence[Member], foresight: Foresight, *, at: datetime) -> None:
    """Takes away what identifies the members and keeps what was counted."""
    # What waits to be written of them comes first.
    uow.flush()
    left = [(each, _forgotten(each.facts)) for each in gone]
    uow.write(
        _FORGET,
        [
            {"gone": each.id, "at": at, **summary(facts, foresight, erased=True)}
            for each, facts in left
        ],
    )
    uow.run(delete(codes).where(codes.c.member_id.in_([each.id for each in gone])))
    for each, facts in left:
        nobody = replace(each, number="", facts=facts, line_user_id=None, topics_left=())
        uow.identities.written(KIND, each.id, replace(nobody, erased_at=at))


def _forgotten(facts: Facts) -> Facts:
    """The month of birth stays, as points were given by it; it identifies nobody."""
    born = facts.birthday
    return replace(facts, birthday=replace(born, day=1, year=None) if born else None)
