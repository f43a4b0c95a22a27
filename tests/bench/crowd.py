"""A crowd: many members with one and the same past, made by the database itself."""

from typing import NamedTuple

from sqlalchemy import text

from bot.store import Store, UnitOfWork

#: Over so many days from 2026-01-01 on they were last seen.
DAYS = 400


class _Words(NamedTuple):
    """The numbers `n` from 1 to :count; a card number, a LINE id and a day for each."""

    numbers: str
    card: str
    line_id: str
    day: str


_WORDS = {
    "sqlite": _Words(
        """
        WITH RECURSIVE numbers (n) AS (
            SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count
        )""",
        "printf('%010d', n)",
        "printf('Uc%031x', n)",
        f"date('2026-01-01', (n % {DAYS}) || ' days')",
    ),
    "postgresql": _Words(
        "WITH numbers (n) AS (SELECT generate_series(1, :count))",
        "lpad(n::text, 10, '0')",
        "'Uc' || lpad(to_hex(n), 31, '0')",
        f"date '2026-01-01' + n % {DAYS}",
    ),
}


def line_id(number: int) -> str:
    """The LINE id of the crowd's member with that number, from 1."""
    return f"Uc{number:031x}"


def make(store: Store, count: int) -> None:
    """So many copies of the first member, each with a card, a LINE account and a name of their own.
    The days since when they have been away are spread over DAYS."""
    with store.begin() as uow:
        words = _WORDS[uow.connection.dialect.name]
        copied = ", ".join(c for c in _columns(uow, "members") if c not in _OWN)
        uow.run(
            text(
                f"""INSERT INTO members (number, line_user_id, away_since, {copied})
                {words.numbers} SELECT {words.card}, {words.line_id}, {words.day}, {copied}
                FROM numbers CROSS JOIN (SELECT * FROM members ORDER BY id LIMIT 1) AS model"""
            ),
            {"count": count},
        )
        own = ("user_id", "member_id", "display_name")
        account = [c for c in _columns(uow, "line_accounts") if c not in own]
        uow.run(
            text(
                f"""INSERT INTO line_accounts ({", ".join((*own, *account))})
                SELECT members.line_user_id, members.id, members.number,
                    {", ".join(f"model.{c}" for c in account)}
                FROM members CROSS JOIN (SELECT * FROM line_accounts LIMIT 1) AS model
                WHERE members.line_user_id NOT IN (SELECT user_id FROM line_accounts)"""
            )
        )
        _look_over(uow)


def _look_over(uow: UnitOfWork) -> None:
    """Does at once what PostgreSQL does by itself after a while; nothing does so for SQLite."""
    if uow.connection.dialect.name == "postgresql":
        uow.run(text("ANALYZE"))


#: What each has for themselves.
_OWN = ("id", "number", "line_user_id", "away_since")


def _columns(uow: UnitOfWork, table: str) -> list[str]:
    return list(uow.run(text(f"SELECT * FROM {table} LIMIT 0")).keys())
