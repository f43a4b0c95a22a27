"""A small club lived by its doors: every win is told, and a club that doesn't tell is found out."""

from pathlib import Path

import pytest

from handlers import club
from handlers.actions.telling.moved import tell_moves
from tests.chance import TIMES
from tests.conftest import FreshDatabase
from tests.soak.doors import Street, founded, lives
from tests.soak.wins import Win, moved_wins


def lived(fresh: FreshDatabase, folder: Path, *, seed: int, members: int, days: int) -> Street:
    with fresh() as url, founded(url, folder, seed=seed) as street:
        for _ in lives(street, members=members, days=days):
            pass
        return street


@pytest.mark.soak
def test_whatever_door_a_win_comes_by_it_is_told(
    fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    size = {"members": 5, "days": 14} if TIMES == 1 else {"members": 15, "days": 40 * TIMES}
    street = lived(fresh_sqlite, tmp_path, seed=3, **size)

    assert not street.telling.untold, "\n".join(street.telling.untold)
    # And there was something to tell.
    assert street.telling.told.keys() >= {"badge", "rank", "reward"}
    assert len(street.ways) >= 5


def test_a_club_that_tells_nobody_is_found_out(
    fresh_sqlite: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(club, "tell_news", tell_moves)
    street = lived(fresh_sqlite, tmp_path, seed=3, members=4, days=9)

    found = "\n".join(street.telling.untold)
    assert "('badge', 'first_visit')" in found
    # With whose it was and when.
    assert found.startswith("member ")
    assert ", 2037-11-" in found


def test_a_win_that_moved_in_its_history_is_no_new_one() -> None:
    """A late visit lets the cookie come within reach one visit sooner; that of a sachet is new."""
    gone: set[Win] = {("reward", ("cookie", 7)), ("badge", "regular")}
    new: set[Win] = {("reward", ("cookie", 6)), ("reward", ("sachet", 6))}
    assert moved_wins(gone, new) == {("reward", ("cookie", 6)): ("reward", ("cookie", 7))}
    assert moved_wins((), new) == {}
