"""A crowd: many members with one and the same past, made by the database itself."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import text

from bot.store import Store, UnitOfWork

#: Over so many days from 2026-01-01 on they were last seen.
DAYS = 400


class _Words(NamedTuple):
    """The numbers `n` from 1 to :count; a card number, a LINE id and a day for each. The day so
    many before :today, and its noon in Japan."""

    numbers: str
    card: str
    line_id: str
    day: str
    back: str
    noon: str


_WORDS = {
    "sqlite": _Words(
        """
        WITH RECURSIVE numbers (n) AS (
            SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count
        )""",
        "printf('%010d', n)",
        "printf('Uc%031x', n)",
        f"date('2026-01-01', (n % {DAYS}) || ' days')",
        "date(:today, '-' || ({spread}) || ' days')",
        "date(:today, '-' || ({spread}) || ' days') || ' 03:00:00.000000'",
    ),
    "postgresql": _Words(
        "WITH numbers (n) AS (SELECT generate_series(1, :count))",
        "lpad(n::text, 10, '0')",
        "'Uc' || lpad(to_hex(n), 31, '0')",
        f"date '2026-01-01' + n % {DAYS}",
        "CAST(:today AS date) - CAST({spread} AS integer)",
        "CAST(CAST(:today AS date) - CAST({spread} AS integer) AS timestamp) AT TIME ZONE 'UTC'"
        " + interval '3 hours'",
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


def live(store: Store, today: date, *, visits: int) -> None:
    """Gives all of the crowd a past: they joined, and came so often within `DAYS`
    days up to `today`, to either of two stores; of ten one is silver, of fifty one gold."""
    with store.begin() as uow:
        words = _WORDS[uow.connection.dialect.name]
        given = {"today": today.isoformat(), "count": visits}
        for kind, seq, spread in (("Registration", "1", f"{DAYS}"), ("Visit", "100 + n", _SPREAD)):
            noon, day = words.noon.format(spread=spread), words.back.format(spread=spread)
            own = {
                "member_id": "members.id",
                "seq": seq,
                "at": noon,
                "recorded_at": noon,
                "business_date": day,
                "store": "CASE WHEN (members.id + n) % 3 = 0 THEN 'kawabe' ELSE 'ekimae' END",
                "key": f"'bench:{kind}:' || members.id || ':' || n",
            }
            columns = _columns(uow, "activities")
            values = ", ".join(own.get(column, f"model.{column}") for column in columns)
            once = "AND n = 1" if kind == "Registration" else ""
            uow.run(
                text(
                    f"""INSERT INTO activities ({", ".join(columns)})
                    {words.numbers} SELECT {values} FROM members CROSS JOIN numbers CROSS JOIN
                    (SELECT * FROM activities WHERE what LIKE '{kind} %' LIMIT 1) AS model
                    WHERE {_OF_CROWD} {once}"""
                ),
                given,
            )
        last = words.noon.format(spread="members.id % 300")
        uow.run(
            text(
                f"""UPDATE members SET visits = id * 13 % 40, balance = id * 7 % 3000,
                rank = CASE WHEN id % 10 = 0 THEN 'silver' WHEN id % 50 = 1 THEN 'gold' END,
                source = CASE WHEN id % 3 = 0 THEN 'counter' ELSE source END,
                birth_month = CASE WHEN id % 3 > 0 THEN id % 12 + 1 END,
                at_risk = CASE WHEN id % 20 = 0 THEN 'rhythm' WHEN id % 11 = 0 THEN 'lapsed' END,
                last_visit_at = {last} WHERE {_OF_CROWD}"""
            ),
            {"today": given["today"]},
        )
        _look_over(uow)


def _look_over(uow: UnitOfWork) -> None:
    """Does at once what PostgreSQL does by itself after a while; nothing does so for SQLite."""
    if uow.connection.dialect.name == "postgresql":
        uow.run(text("ANALYZE"))


#: How many days ago the n-th visit of a member was.
_SPREAD = f"(members.id * 31 + n * 37) % {DAYS}"

_OF_CROWD = "members.line_user_id LIKE 'Uc%'"

#: What each has for themselves.
_OWN = ("id", "number", "line_user_id", "away_since")


def _columns(uow: UnitOfWork, table: str) -> list[str]:
    return list(uow.run(text(f"SELECT * FROM {table} LIMIT 0")).keys())
