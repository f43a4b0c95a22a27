"""What every table is made with: names of keys and indexes, and the member's own first column."""

from sqlalchemy import Column, ForeignKey, MetaData

from .types import BigInt

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def of_member(**kwargs: object) -> Column[int]:
    """The column `member_id` of a table whose rows belong to members."""
    return Column("member_id", BigInt, ForeignKey("members.id"), nullable=False, **kwargs)  # type: ignore[arg-type]
