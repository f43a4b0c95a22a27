"""Slips of the keyboard that make a file no TOML: the line they are in, and what to write there.

A repair is believed when the file can be read further with it, and told as the line would be then.
"""

import re
import tomllib
from collections.abc import Callable, Iterator

from .caution import Problem

#: No more are looked for: the rest of the file follows from the first ones.
_SLIPS_MAX = 20
_AT = re.compile(r"\(at line (\d+), column \d+\)")
_QUOTES = re.compile(r"[“”„‟＂]([^“”„‟＂\"]*)[“”„‟＂]|[‘’＇]([^‘’＇\"]*)[‘’＇]|「([^」\"]*)」")
_TEXT_OR_COMMENT = re.compile(r"(\"(?:[^\"\\]|\\.)*\"|'[^']*'|#.*)")
_WIDE = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"　": " ", "、": ","}
)


def _outside_texts(line: str, change: Callable[[str], str]) -> str:
    """`line` with `change` made of all that stands neither in quotes nor in a comment."""
    parts = _TEXT_OR_COMMENT.split(line)
    return "".join(part if place % 2 else change(part) for place, part in enumerate(parts))


def _straight_quotes(line: str) -> str:
    def quoted(found: re.Match[str]) -> str:
        return f'"{found[1] or found[2] or found[3] or ""}"'

    return _outside_texts(line, lambda part: _QUOTES.sub(quoted, part))


def _half_width(line: str) -> str:
    return _outside_texts(_straight_quotes(line), lambda part: part.translate(_WIDE))


def _whole_time(line: str) -> str:
    def time(found: re.Match[str]) -> str:
        return f"{int(found[1]):02}:{found[2]}:{found[3] or '00'}"

    pattern = re.compile(r"(?<![\d:T.-])(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:])")
    return _outside_texts(line, lambda part: pattern.sub(time, part))


def _whole_date(line: str) -> str:
    def day(found: re.Match[str]) -> str:
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"

    pattern = re.compile(r"(?<!\d)(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?!\d)")
    return _outside_texts(line, lambda part: pattern.sub(day, part))


def _small_true(line: str) -> str:
    words = {"yes": "true", "on": "true", "no": "false", "off": "false"}

    def small(found: re.Match[str]) -> str:
        word = found[1].lower()
        return f"= {words.get(word, word)}"

    pattern = re.compile(r"=\s*(true|false|yes|no|on|off)(?![\w-])", re.IGNORECASE)
    return _outside_texts(line, lambda part: pattern.sub(small, part))


def _plain_number(line: str) -> str:
    number, unit = r"(\d{1,3}(?:,\d{3})+|\d+)", "(?:円|ポイント|pt|回|日|[%％])"
    pattern = re.compile(rf"(?<==)(\s*){number}(?:\s*{unit})?(\s*)$")
    return _outside_texts(
        line, lambda part: pattern.sub(lambda m: m[1] + m[2].replace(",", "") + m[3], part)
    )


def _heading(line: str) -> str:
    found = re.fullmatch(r"\s*(\[{1,2})\s*([\w.]+)\s*\]{0,2}\s*(#.*)?", line)
    if found is None:
        return line
    gap = f" {found[3]}" if found[3] else ""
    return f"{found[1]}{found[2]}{']' * len(found[1])}{gap}"


def _equals(line: str) -> str:
    return re.sub(r"^(\s*\w+)\s*:\s*", r"\1 = ", line)


def _no_last_comma(line: str) -> str:
    return _outside_texts(line, lambda part: re.sub(r",\s*}", " }", part))


def _quoted(line: str) -> str:
    pattern = re.compile(r"=(\s*)([^\s\"'\[\]{}=,#][^\"'\[\]{}=,#]*?)(\s*)(?=$|[,}#])")
    return _outside_texts(line, lambda part: pattern.sub(r'=\1"\2"\3', part))


def _closed_text(line: str) -> str:
    return f'{line.rstrip()}"' if line.count('"') % 2 else line


#: What makes a line readable, tried in this order, by the code of its text.
_REPAIRS: dict[str, Callable[[str], str]] = {
    "toml_quotes": _straight_quotes,
    "toml_wide": _half_width,
    "toml_time": _whole_time,
    "toml_date": _whole_date,
    "toml_bool": _small_true,
    "toml_number": _plain_number,
    "toml_heading": _heading,
    "toml_equals": _equals,
    "toml_comma": _no_last_comma,
}
#: What takes anything for a text, tried last.
_AS_TEXT: dict[str, Callable[[str], str]] = {"toml_text": _quoted, "toml_closed": _closed_text}


def slips(text: str) -> Iterator[Problem]:
    """What keeps `text` from being TOML, in its order; nothing for what is."""
    lines = text.split("\n")
    for _ in range(_SLIPS_MAX):
        error = _error("\n".join(lines))
        if error is None:
            return
        problem, repaired = _told(lines, error)
        yield problem
        if repaired is None:
            return
        lines[repaired[0]] = repaired[1]


def _error(text: str) -> str | None:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return str(error)
    return None


def _told(lines: list[str], error: str) -> tuple[Problem, tuple[int, str] | None]:
    """The slip that `error` is about, and the line that mends it, by its index."""
    found = _AT.search(error)
    if found is None:
        code = "toml_end" if "end of document" in error else "toml_unreadable"
        return Problem("program.toml", code), None
    place = int(found[1]) - 1
    said = {"number": int(found[1]), "line": lines[place].strip()}
    for code, line in _repairs(lines[place]):
        if _reads_on([*lines[:place], line, *lines[place + 1 :]], past=place):
            return Problem("program.toml", code, said | {"write": line.strip()}), (place, line)
    twice = "Cannot declare" in error or "Cannot overwrite" in error
    heading = re.fullmatch(r"\[\s*(\w[\w.]*)\s*\]", lines[place].strip())
    if twice and heading:
        return Problem("program.toml", "toml_again", said | {"write": f"[[{heading[1]}]]"}), None
    return Problem("program.toml", "toml_twice" if twice else "toml_line", said), None


def _repairs(line: str) -> Iterator[tuple[str, str]]:
    """Each repair by itself, then all of them one upon the other; as a text at the last."""
    for repairs in (_REPAIRS, _AS_TEXT):
        for code, repair in repairs.items():
            if (repaired := repair(line)) != line:
                yield code, repaired
        first, whole = "", line
        for code, repair in repairs.items():
            before, whole = whole, repair(whole)
            if whole != before:
                first = first or code
                yield first, whole


def _reads_on(lines: list[str], *, past: int) -> bool:
    """Whether the file can be read past that line."""
    error = _error("\n".join(lines))
    if error is None:
        return True
    found = _AT.search(error)
    return found is None or int(found[1]) - 1 > past
