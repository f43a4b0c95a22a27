"""Rows that are numbered from 1 on, in all, of each member, or of whatever else."""

from sqlalchemy import Column, func, select

from .db import UnitOfWork


def next_number(uow: UnitOfWork, column: Column[int], **of: int | str) -> int:
    """The number after the highest in that column, `of` the rows whose other columns say so. It
    stays free only while the caller has locked what everybody locks who writes such rows."""
    its = (column.table.c[name] == value for name, value in of.items())
    return int(uow.run(select(func.max(column)).where(*its)).scalar() or 0) + 1
