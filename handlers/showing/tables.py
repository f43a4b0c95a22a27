"""Tables that people open in a spreadsheet: written in one way, a part at a time."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

#: What stands in a cell.
Cell = str | float | None
#: By this mark a spreadsheet knows that it is UTF-8.
MARK = "\ufeff"
#: What a table program would take for the beginning of a formula (OWASP, "CSV Injection"), in any
#: width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: So many rows in one part.
_PART = 200


def cell(text: str) -> str:
    """A text as no program takes it for anything but text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def cells(*texts: str) -> Iterator[str]:
    """The same of each."""
    return map(cell, texts)


def written(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The table with its heading as CSV (RFC 4180), in parts, without the mark before it; texts are
    nothing but text, and numbers are numbers."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(list(cells(*head)))
    for n, row in enumerate(rows, 1):
        writer.writerow([cell(each) if isinstance(each, str) else each for each in row])
        if n % _PART == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()
