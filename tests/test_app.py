"""What is wired at the top."""

import multiprocessing
from pathlib import Path

from app import at_the_end


def _ends(note: str) -> None:
    at_the_end(Path(note).touch)


def test_parts_are_stopped_in_a_process_such_as_the_servers(tmp_path: Path) -> None:
    note = tmp_path / "stopped"
    process = multiprocessing.get_context("fork").Process(target=_ends, args=(str(note),))
    process.start()
    process.join(20)
    assert process.exitcode == 0
    assert note.exists()
