"""What every table is made with: names of keys and indexes, the member's own first column, and
indexes of some rows."""

from typing import Any

from sqlalchemy import Column, ColumnElement, ForeignKey, Index, MetaData, TextClause, text

from .types import BigInt

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def of_member(**kwargs: Any) -> Column[int]:
    """The column `member_id` of a table whose rows belong to members."""
    return Column("member_id", BigInt, ForeignKey("members.id"), nullable=False, **kwargs)


def partial_index(
    name: str, *columns: ColumnElement[Any], where: str | TextClause | ColumnElement[bool]
) -> Index:
    """An index of those rows alone of which `where` is so, on either database. A string is SQL."""
    of = text(where) if isinstance(where, str) else where
    return Index(name, *columns, postgresql_where=of, sqlite_where=of)
