"""A small part of what is lived through with a hundred thousand rows."""

from pathlib import Path

from handlers.actions.importing.doing import CHUNK

from .files import lives_through


def test_a_list_of_members_comes_in_though_the_process_is_killed_and_goes_as_a_whole(
    database_url: str, tmp_path: Path
) -> None:
    told = lives_through(database_url, tmp_path, rows=1_000, say=lambda _: None)
    assert 500 <= told.killed_at < 1_000
    assert told.killed_at % CHUNK == 0
