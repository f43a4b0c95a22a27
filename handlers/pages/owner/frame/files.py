"""A table as a file that a spreadsheet opens."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from handlers.showing.tables import cell, cells

#: What stands in a cell.
Cell = str | float | None


def table_file(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The table, with a heading; `name` is the file's, without its end."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(cells(*head))
    for row in rows:
        writer.writerow([cell(each) if isinstance(each, str) else each for each in row])
    # The mark by which a spreadsheet knows that it is UTF-8.
    answer = Response(f"\ufeff{text.getvalue()}", mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return answer
