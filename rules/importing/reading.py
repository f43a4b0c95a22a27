"""Reading a table as some system wrote it: its encoding, what stands between its cells, its rows.

The file is read a line at a time. What is no table raises UnreadableTable: a refusal's
code, and the row `n` that can't be read, where it is one.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from ..base import Impossible

#: So much is read at once.
_PIECE = 65_536
#: A longer file is another file.
BYTES_MAX = 50_000_000
ROWS_MAX = 300_000
COLUMNS_MAX = 60
CELL_MAX = 2_000
#: A longer line is no row, and nobody holds it whole.
_LINE_MAX = 2 * COLUMNS_MAX * CELL_MAX
#: What may stand between cells.
_DELIMITERS = ",\t;"
#: So many lines say which it is.
_LOOKED_AT = 30
_ENCODINGS = ("utf-8-sig", "cp932")
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class UnreadableTable(Impossible):
    """It is no table. `code` is a refusal's, `values["n"]` the row that can't be read."""


def encoding_of(file: BinaryIO) -> str:
    """In which encoding the whole file is text; it is read once, and is at its beginning then."""
    first = file.read(_PIECE)
    if first.startswith(_WORKBOOK):
        raise UnreadableTable("import_workbook")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if file.seek(0, io.SEEK_END) > BYTES_MAX:
            raise UnreadableTable("import_large")
        file.seek(0)
        return "utf-16"
    left = {name: codecs.getincrementaldecoder(name)() for name in _ENCODINGS}
    total, piece = 0, first
    while piece:
        total += len(piece)
        if total > BYTES_MAX:
            raise UnreadableTable("import_large")
        if b"\0" in piece:
            raise UnreadableTable("import_no_text")
        left = {name: each for name, each in left.items() if _takes(each, piece)}
        piece = file.read(_PIECE)
    left = {name: each for name, each in left.items() if _takes(each, b"", final=True)}
    if not total:
        raise UnreadableTable("import_empty")
    file.seek(0)
    found = next(iter(left), None)
    if found is None:
        raise UnreadableTable("import_no_text")
    return found


def _takes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def rows_of(file: BinaryIO, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number in a spreadsheet, from 1; empty ones are left out."""
    delimiter = _delimiter(file, encoding)
    text = io.TextIOWrapper(file, encoding=encoding, newline=None)
    rows, n = csv.reader(_lines(text), delimiter=delimiter), 0
    try:
        while True:
            n += 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except (csv.Error, UnicodeError, UnreadableTable):
                raise UnreadableTable("import_broken", n=n) from None
            cells = [each.strip() for each in row]
            if not any(cells):
                continue
            if n > ROWS_MAX:
                raise UnreadableTable("import_long")
            if len(cells) > COLUMNS_MAX or any(len(each) > CELL_MAX for each in cells):
                raise UnreadableTable("import_broken", n=n)
            if any("\0" in each for each in cells):
                raise UnreadableTable("import_no_text", n=n)
            yield n, cells
    finally:
        # The file stays its owner's.
        text.detach()


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_LINE_MAX):
        if len(line) == _LINE_MAX:
            raise UnreadableTable("import_broken")
        yield line


def _delimiter(file: BinaryIO, encoding: str) -> str:
    text = io.TextIOWrapper(file, encoding=encoding, newline=None)
    try:
        lines = list(islice(_lines(text), _LOOKED_AT))
    except UnicodeError:
        raise UnreadableTable("import_no_text") from None
    except UnreadableTable:
        # Which row it is, whoever reads them says.
        lines = []
    finally:
        text.detach()
        file.seek(0)
    return max(_DELIMITERS, key=lambda each: _fits(lines, each))


def _fits(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """How many of the first rows have the same number of cells, more than one; and how many."""
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return 0, 0
    width, often = max(widths.items(), key=lambda each: (each[0] > 1, each[1]), default=(0, 0))
    return (often, width) if width > 1 else (0, width)
