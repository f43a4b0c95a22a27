"""A file of codes for a web shop, as a shop's system writes it: one in the first column of each
row."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

#: More at once than this is another file.
CODES_MAX = 10_000
#: A code is copied, and opened by programmes that reckon: no row of it is a formula.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,39}")


@dataclass(frozen=True, slots=True)
class CodeList:
    """What a file says."""

    #: Each once, in its order.
    codes: tuple[str, ...] = ()
    #: Those that it has more than once.
    twice: tuple[str, ...] = ()
    #: Rows, by their number, that are no code.
    unread: tuple[int, ...] = ()
    #: Whether it isn't text at all, or too long.
    is_broken: bool = False


def read_codes(data: bytes) -> CodeList:
    """The codes in a file of CSV or of plain lines, in UTF-8 or CP932. A first row that is no code
    is taken for a heading."""
    text = decoded(data)
    if text is None:
        return CodeList(is_broken=True)
    try:
        rows = [row[0].strip() if row else "" for row in csv.reader(io.StringIO(text, newline=""))]
    except csv.Error:
        return CodeList(is_broken=True)
    told = [(n, cell) for n, cell in enumerate(rows, start=1) if cell]
    if told and not _CODE.fullmatch(told[0][1]):
        told = told[1:]
    found = Counter(cell for _, cell in told if _CODE.fullmatch(cell))
    if len(found) > CODES_MAX:
        return CodeList(is_broken=True)
    unread = tuple(n for n, cell in told if not _CODE.fullmatch(cell))
    return CodeList(tuple(found), tuple(code for code, n in found.items() if n > 1), unread)


def decoded(data: bytes) -> str | None:
    """A file's text, in UTF-8 or CP932; None for what is no text."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None
