"""What sources brought against SQL written anew from the definitions, whatever happened."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest
from sqlalchemy import select

from bot.store.figures import keeping
from bot.store.members import sources
from bot.store.members.sources import SourceFields
from bot.store.tables import source_figures
from handlers.actions.members.came_by import come_by_counter
from handlers.actions.programme.sources import add_source
from handlers.jobs.night import nightly
from tests.bot.store.figures.oracle import Oracle
from tests.bot.store.figures.test_keeping import SOON, Lives, keeps
from tests.handlers.clubs import MANAGER, SmallClub, club_on

#: Who came by what: of somebody with several cards the one that joined first tells.
_CAME = """, came AS (
  SELECT j.owner, j.day, coalesce(
    (SELECT s.source_id FROM member_sources s WHERE s.member_id = j.member_id),
    CASE WHEN m.referred_by IS NOT NULL THEN -3 WHEN j.what LIKE '%"line"%' THEN -1 ELSE -2 END
  ) AS source
  FROM joined j JOIN members m ON m.id = j.member_id WHERE j.nth = 1
),
spent AS (
  SELECT owner, day, {paid} AS yen FROM acts WHERE what LIKE 'Purchase %'
  UNION ALL
  SELECT owner, day, -coalesce({returned}, 0) FROM acts WHERE what LIKE 'TakenBack %'
)
"""
_OF_EACH = {
    "joined": "1",
    "first": "CASE WHEN EXISTS (SELECT 1 FROM visits v WHERE v.owner = c.owner"
    " AND v.day <= {sixty_after}) THEN 1 ELSE 0 END",
    "second": "CASE WHEN EXISTS (SELECT 1 FROM turns JOIN turns t ON t.owner = turns.owner"
    " AND t.nth = 2 AND t.day <= {sixty_later} WHERE turns.owner = c.owner AND turns.nth = 1)"
    " THEN 1 ELSE 0 END",
    "stays": "CASE WHEN EXISTS (SELECT 1 FROM visits v WHERE v.owner = c.owner"
    " AND v.day > {sixty_after}) AND (SELECT erased_at FROM members WHERE id = c.owner) IS NULL"
    " AND NOT coalesce((SELECT x.is_left FROM changes x WHERE x.owner = c.owner"
    " ORDER BY x.day DESC, x.at DESC, x.seq DESC LIMIT 1), false) THEN 1 ELSE 0 END",
    "visits": "(SELECT count(*) FROM visits v WHERE v.owner = c.owner AND v.day <= {sixty_after})",
    "yen": "(SELECT coalesce(sum(yen), 0) FROM spent s WHERE s.owner = c.owner"
    " AND s.day <= {sixty_after})",
    "visits_all": "(SELECT count(*) FROM visits v WHERE v.owner = c.owner)",
    "yen_all": "(SELECT coalesce(sum(yen), 0) FROM spent s WHERE s.owner = c.owner)",
}


@pytest.fixture
def club(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, SOON) as club:
        yield club


def kept(club: SmallClub) -> dict[str, dict[tuple[int, date], int]]:
    found: dict[str, dict[tuple[int, date], int]] = {figure: {} for figure in _OF_EACH}
    with club.store.read() as uow:
        for row in uow.run(select(source_figures)):
            if row.value:
                found[row.figure][row.source_id, row.day] = row.value
    return found


def is_right(club: SmallClub) -> None:
    keeps(club)
    oracle = Oracle(club.store)
    for figure, told in kept(club).items():
        query = f"{_CAME} SELECT source, day, sum({_OF_EACH[figure]}) FROM came c GROUP BY 1, 2"
        rows = oracle.asked(query)
        asked = {(int(s), date.fromisoformat(str(day))): int(n) for s, day, n in rows if n}
        assert told == asked, figure


@dataclass
class SourcedLives(Lives):
    """The same, of members who came by something, or by nothing that is known."""

    source_ids: list[int] = field(default_factory=list)

    def puts_up(self, name: str) -> None:
        with self.club.work(MANAGER, key=self.club.key()) as work:
            made = add_source(work, SourceFields(name, "poster", None))
        assert isinstance(made, int)
        self.source_ids.append(made)

    def joins(self) -> None:
        brought_by = self.one() if self.cards and self.chance.random() < 0.3 else None
        self.cards.append(self.club.joins(referred_by=brought_by))
        if self.chance.random() < 0.7:
            with self.club.work(MANAGER, key=self.club.key()) as work:
                come_by_counter(work, self.cards[-1], self.chance.choice(self.source_ids))


@pytest.mark.parametrize("seed", range(2))
def test_what_sources_brought_is_what_the_history_tells(club: SmallClub, seed: int) -> None:
    lives = SourcedLives(club, random.Random(seed))
    for name in ("駅のポスター", "チラシ"):
        lives.puts_up(name)
    for _ in range(6):
        lives.joins()
    # Of whom nothing is known.
    club.joins()
    for n in range(120):
        lives.lives()
        if n % 40 == 39:
            is_right(club)
            # Somebody stays only after their first sixty days.
            club.passes(days=25)
            nightly.run_if_due(club.club)
    is_right(club)
    before = kept(club)
    assert all(before.values())
    assert {source for source, _ in before["joined"]} >= {*lives.source_ids, -2, -3}
    keeping.begin_anew(club.store)
    keeps(club)
    assert kept(club) == before


def test_a_source_that_somebody_brings_later_is_counted_with_the_next_tick(
    club: SmallClub,
) -> None:
    lives = SourcedLives(club, random.Random(0))
    lives.puts_up("駅のポスター")
    sakura = club.joins()
    keeps(club)
    assert [source for source, _ in kept(club)["joined"]] == [-2]
    with club.work(MANAGER, key=club.key()) as work:
        assert come_by_counter(work, sakura, lives.source_ids[0])
    keeps(club)
    assert [source for source, _ in kept(club)["joined"]] == lives.source_ids
    with club.store.read() as uow:
        source = sources.of_member(uow, sakura)
    assert source is not None
    assert source.name == "駅のポスター"
