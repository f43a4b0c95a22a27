"""Tables that people open in a spreadsheet."""

from collections.abc import Iterator

#: What a table program would take for the beginning of a formula (OWASP, "CSV Injection"), in any
#: width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cells(*texts: str) -> Iterator[str]:
    """Texts as no program takes them for anything but text."""
    for each in texts:
        yield f"'{each}" if each.startswith(_FORMULA) else each
