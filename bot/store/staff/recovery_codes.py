"""Recovery codes: known here by their hashes alone, and each gone when it is used."""

from collections.abc import Iterable

from sqlalchemy import delete, func, insert, select

from ..engine.db import UnitOfWork
from ..tables import recovery_codes as codes


def put(uow: UnitOfWork, staff_id: int, hashes: Iterable[str]) -> None:
    """Gives a person these, in the place of those they had."""
    uow.run(delete(codes).where(codes.c.staff_id == staff_id))
    rows = [{"staff_id": staff_id, "code_hash": each} for each in hashes]
    if rows:
        uow.run(insert(codes).values(rows))


def use(uow: UnitOfWork, staff_id: int, code_hash: str) -> bool:
    """Uses one up; False when the person has no such one."""
    mine = (codes.c.staff_id == staff_id) & (codes.c.code_hash == code_hash)
    return uow.run(delete(codes).where(mine)).rowcount == 1


def left(uow: UnitOfWork, staff_id: int) -> int:
    """How many a person still has."""
    mine = select(func.count()).select_from(codes).where(codes.c.staff_id == staff_id)
    return int(uow.run(mine).scalar_one())
