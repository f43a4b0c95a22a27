"""Tables that people open in a spreadsheet."""

from collections.abc import Iterator

#: What a table program would take for the beginning of a formula (OWASP, "CSV Injection"), in any
#: width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(text: str) -> str:
    """A text as no program takes it for anything but text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def cells(*texts: str) -> Iterator[str]:
    """The same of each."""
    return map(cell, texts)
