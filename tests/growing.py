"""The tables of docs/growing.md, read: what grows, where its rows belong, how long they stay."""

from dataclasses import dataclass
from pathlib import Path

GROWING = Path(__file__).parents[1] / "docs" / "growing.md"
#: What a table's rows are as many as.
SHOP = "the shop"


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table as the document has it."""

    name: str
    grows_with: str
    lies: str
    kept: str


def table_lines() -> list[TableLine]:
    """All of them, in the document's order; one that stands twice is there twice."""
    text = GROWING.read_text(encoding="utf-8").partition("\n## Every table\n")[2]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return [
        TableLine(name.strip("` "), *cells) for names, *cells in rows for name in names.split(",")
    ]


def growing_tables() -> set[str]:
    """Those that are longer in a larger or older club."""
    return {line.name for line in table_lines() if line.grows_with != SHOP}
