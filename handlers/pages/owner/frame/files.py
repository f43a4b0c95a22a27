"""A table as a file that a spreadsheet opens."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from flask import Response, stream_with_context

from handlers.showing.tables import MARK, Cell, written


def table_file(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The table, with a heading, sent as its rows come; `name` is the file's, without its end."""
    parts: Iterator[str] = stream_with_context(chain([MARK], written(head, rows)))
    answer = Response(parts, mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return answer
