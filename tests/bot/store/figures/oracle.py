"""Each figure asked of the history anew, in SQL written from its definition alone."""

from datetime import date
from typing import Any

from sqlalchemy import text

from bot.store import Store

#: Each card with who stands for it now, and what stands of the histories, with the rank that its
#: card had when the day ended.
_ACTS = """
WITH RECURSIVE people(card, owner) AS (
  SELECT id, id FROM members WHERE merged_into IS NULL
  UNION ALL
  SELECT m.id, p.owner FROM members m JOIN people p ON m.merged_into = p.card
),
acts AS (
  SELECT p.owner, a.member_id, a.seq, a.what, a.at, a.business_date AS day, a.store,
    coalesce((SELECT r.after FROM rank_changes r WHERE r.member_id = a.member_id
      AND r.changed_on <= a.business_date ORDER BY r.n DESC LIMIT 1), '-') AS held
  FROM activities a JOIN people p ON p.card = a.member_id WHERE a.undone_at IS NULL
),
visits AS (
  SELECT *, dense_rank() OVER (PARTITION BY owner ORDER BY day) AS nth,
    row_number() OVER (PARTITION BY owner, day ORDER BY at, seq) AS in_day
  FROM acts WHERE what LIKE 'Visit %'
),
turns AS (SELECT * FROM visits WHERE in_day = 1),
changes AS (
  SELECT owner, day, held, at, seq, what LIKE '%"left"%' AS is_left,
    lag(what LIKE '%"left"%', 1) OVER (PARTITION BY owner ORDER BY at, seq) AS was_left
  FROM acts WHERE member_id = owner AND what LIKE 'MembershipChanged %'
    AND (what LIKE '%"left"%' OR what LIKE '%"active"%')
),
began AS (SELECT owner, min(day) AS day FROM acts WHERE what LIKE 'Registration %' GROUP BY owner),
gone AS (
  SELECT c.owner, c.day, c.held,
    (SELECT t.store FROM turns t WHERE t.owner = c.owner AND t.day <= c.day
      ORDER BY t.day DESC LIMIT 1) AS store,
    NOT EXISTS (SELECT 1 FROM visits v WHERE v.owner = c.owner AND v.day <= c.day
      AND v.day >= {year_before}) AS is_quiet,
    {days_between} AS stayed
  FROM changes c LEFT JOIN began b ON b.owner = c.owner
  WHERE c.is_left AND (c.was_left IS NULL OR NOT c.was_left)
),
moved AS (
  SELECT e.business_date AS day, e.points, e.kind, e.rule, a.store,
    coalesce((SELECT r.after FROM rank_changes r WHERE r.member_id = e.member_id
      AND r.changed_on <= e.business_date ORDER BY r.n DESC LIMIT 1), '-') AS held
  FROM entries e JOIN activities a ON a.member_id = e.member_id AND a.seq = e.seq
),
joined AS (
  SELECT *, row_number() OVER (PARTITION BY owner ORDER BY day, at, seq, member_id) AS nth
  FROM acts WHERE what LIKE 'Registration %'
),
paid AS (
  SELECT day, store, held, {paid} AS yen FROM acts WHERE what LIKE 'Purchase %'
  UNION ALL
  SELECT day, store, held, -coalesce({returned}, 0) FROM acts WHERE what LIKE 'TakenBack %'
),
steps AS (
  SELECT changed_on AS day, reason, NULL AS store, coalesce(after, '-') AS held
  FROM rank_changes
)
"""
_HERE = "(:store = '' OR store = :store) AND (:rank = '' OR held = :rank)"
_IS_OURS = "rule NOT LIKE 'merged%'"
#: What is added up: which rows, and what of each.
SUMS = {
    "visits": ("count(*)", "visits", "true"),
    "visit_days": ("count(DISTINCT owner)", "visits", "true"),
    "first": ("count(*)", "turns", "nth = 1"),
    "second": ("count(*)", "turns", "nth = 2"),
    "first_back": (
        "count(*)",
        "turns",
        "nth = 1 AND EXISTS (SELECT 1 FROM turns s WHERE s.owner = turns.owner AND s.nth = 2"
        " AND s.day <= {sixty_later})",
    ),
    "joined": ("count(*)", "joined", "nth = 1"),
    "yen": ("sum(yen)", "paid", "true"),
    "rewards": ("count(*)", "acts", "what LIKE 'Redemption %'"),
    "purchases": ("count(*)", "acts", "what LIKE 'Purchase %'"),
    "given": ("sum(points)", "moved", f"kind IN ('grant', 'correction') AND {_IS_OURS}"),
    "used": ("-sum(points)", "moved", "kind IN ('spend', 'refund') AND rule LIKE 'reward:%'"),
    "expired": ("-sum(points)", "moved", "kind IN ('spend', 'refund') AND rule = 'expiry'"),
    "up": ("count(*)", "steps", "reason IN ('reached', 'revived')"),
    "down": ("count(*)", "steps", "reason = 'short'"),
    "left": ("count(*)", "gone", "true"),
    "left_quiet": ("count(*)", "gone", "is_quiet"),
    "left_days": ("sum(stayed)", "gone", "true"),
}
#: What is so when a day ended.
LEVELS = {
    "came_28": f"SELECT count(DISTINCT owner) FROM visits WHERE {_HERE} AND day <= :day"
    " AND day > {four_weeks_before}",
    "members": "SELECT count(*) FROM began b WHERE b.day <= :day AND :store = '' AND (:rank = '' OR"
    " :rank = coalesce((SELECT r.after FROM rank_changes r WHERE r.member_id = b.owner"
    " AND r.changed_on <= :day ORDER BY r.n DESC LIMIT 1), '-'))"
    " AND NOT coalesce((SELECT c.is_left FROM changes c WHERE c.owner = b.owner AND c.day <= :day"
    " ORDER BY c.at DESC, c.seq DESC LIMIT 1), false)",
    "outstanding": "SELECT coalesce(sum(e.points), 0) FROM entries e"
    " JOIN people p ON p.card = e.member_id JOIN members m ON m.id = p.owner"
    " WHERE e.business_date <= :day AND :store = '' AND :rank = ''"
    " AND (m.erased_at IS NULL OR {erased_on} > :day)",
}


class Oracle:
    """The history, asked by definitions."""

    def __init__(self, store: Store) -> None:
        self._store = store
        lite = store.is_sqlite
        self._words = {
            "paid": self._detail("Purchase", "total_yen"),
            "reward": self._text("Redemption", "reward"),
            "voucher": self._text("Redemption", "voucher"),
            "returned": self._detail("TakenBack", "yen"),
            "year_before": "date(c.day, '-365 days')" if lite else "c.day - 365",
            "days_between": (
                "CAST(julianday(c.day) - julianday(b.day) AS INTEGER)" if lite else "c.day - b.day"
            ),
            "sixty_after": "date(c.day, '+60 days')" if lite else "c.day + 60",
            "sixty_later": "date(turns.day, '+60 days')" if lite else "turns.day + 60",
            "four_weeks_before": ("date(:day, '-28 days')" if lite else "CAST(:day AS date) - 28"),
            # Nine hours ahead of us, and a day begins at four.
            "erased_on": (
                "date(m.erased_at, '+5 hours')"
                if lite
                else "CAST(m.erased_at AT TIME ZONE 'UTC' + interval '5 hours' AS date)"
            ),
        }

    def _detail(self, kind: str, name: str) -> str:
        details = f"substr(what, {len(kind) + 2})"
        if self._store.is_sqlite:
            return f"json_extract({details}, '$.{name}')"
        return f"CAST(CAST({details} AS json) ->> '{name}' AS bigint)"

    def _text(self, kind: str, name: str) -> str:
        details = f"substr(what, {len(kind) + 2})"
        if self._store.is_sqlite:
            return f"json_extract({details}, '$.{name}')"
        return f"(CAST({details} AS json) ->> '{name}')"

    def sums(self, figure: str, store: str, rank: str) -> dict[date, int]:
        """The figure by day; days of nothing are left out."""
        what, rows, asked = SUMS[figure]
        query = f"SELECT day, {what} FROM {rows} WHERE {_HERE} AND {asked} GROUP BY day"
        found = self._run(query, store=store, rank=rank)
        return {_day(day): int(value) for day, value in found if value}

    def level(self, figure: str, store: str, rank: str, day: date) -> int:
        on: Any = day.isoformat() if self._store.is_sqlite else day
        [[value]] = self._run(LEVELS[figure], store=store, rank=rank, day=on)
        return int(value)

    def asked(self, query: str) -> list[Any]:
        """Anything else that can be asked of these rows."""
        return self._run(query)

    def _run(self, query: str, **values: Any) -> list[Any]:
        words = f"{_ACTS}{query}".format(**self._words)
        with self._store.read() as uow:
            return list(uow.run(text(words), values))


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
