"""docs/threats.md names, door by door, tests that there are."""

import re

from tests.rules.examples import ROOT

TEXT = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")


def test_each_row_names_tests_that_there_are_and_what_they_try() -> None:
    part = TEXT.split("## Door by door")[1].split("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 20
    for row in rows:
        _, _, letters, holds, tried, _ = (cell.strip() for cell in row.split("|"))
        assert set(letters.split(", ")) <= set("STRIDE"), row
        assert holds
        named = re.findall(r"`(tests/[^`]+)`", tried)
        assert named, row
        assert [file for file in named if not (ROOT / file).is_file()] == []
    shown = {letter for row in rows for letter in row.split("|")[2].strip().split(", ")}
    assert shown == set("STRIDE")
