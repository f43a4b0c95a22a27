"""Of two changes the newer counts, whichever key remembers it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.members import changes
from tests.handlers.clubs import SmallClub, club_on

NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


@pytest.mark.parametrize(
    ("later", "wins_ties", "wins"),
    [(MINUTE, False, True), (-MINUTE, False, False), (0 * MINUTE, False, False),
     (0 * MINUTE, True, True), (-MINUTE, True, False)],
)  # fmt: skip
@pytest.mark.parametrize("subject", [("mark",), ("new key", "mark")])
def test_the_newer_of_two_changes_wins_also_where_an_older_key_remembers_it(
    cafe: SmallClub, subject: tuple[str, ...], later: timedelta, wins_ties: bool, wins: bool
) -> None:
    with cafe.store.begin() as uow:
        assert changes.newest(uow, ("mark",), "blocked", at=NOON)
        won = changes.newest(uow, subject, "blocked", at=NOON + later, wins_ties=wins_ties)
        assert won == wins
        assert changes.last(uow, subject, "blocked") == (NOON + later if wins else NOON)
        assert changes.last(uow, subject, "language") is None
