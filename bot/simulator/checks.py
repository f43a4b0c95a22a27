"""The small checks that the tables of `kinds.py` are made of.

A check looks at one value at one path and adds what LINE would object to. The wording of the
messages is LINE's where its reference or a public report of its answers shows it.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

Path = tuple[str | int, ...]

# LINE answers a value of the wrong JSON type with a message of its own form; see validate.py.
WRONG_TYPE = "invalid property"

URL_LENGTH_MAX = 2_000


@dataclass
class Report:
    """What was found wrong."""

    #: The one plain-http origin that pictures may come from.
    http_origin: str | None = None
    #: Each with where it is.
    problems: list[tuple[Path, str]] = field(default_factory=list)

    def add(self, path: Path, message: str) -> None:
        self.problems.append((path, message))


Check = Callable[[Any, Path, Report], None]
Rule = Callable[[Mapping[str, Any], Path, Report], None]


@dataclass(frozen=True)
class Field:
    """One property: how its value is checked, and whether it must be there."""

    check: Check
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of object."""

    fields: Mapping[str, Field]
    #: Over several of its properties.
    rules: tuple[Rule, ...] = ()
    #: Properties that LINE doesn't know are refused, not passed over.
    strict: bool = False


def need(check: Check) -> Field:
    """A property that must be there."""
    return Field(check, required=True)


def may(check: Check) -> Field:
    """A property that may be left out."""
    return Field(check)


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, which LINE counts nearly everything in."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def grapheme_length(text: str) -> int:
    """Length in characters as people see them: joined emoji, flags and accents count once.

    A short form of Unicode's text segmentation (UAX #29), enough for names and labels.
    """
    count = 0
    joined = False
    flag_open = False
    for char in text:
        is_flag_half = "\U0001f1e6" <= char <= "\U0001f1ff"
        extends = (
            char == "\u200d"
            or unicodedata.category(char) in ("Mn", "Me", "Mc")
            or "\U0001f3fb" <= char <= "\U0001f3ff"
            or "\U000e0020" <= char <= "\U000e007f"
        )
        if not (extends or joined or (is_flag_half and flag_open)):
            count += 1
        flag_open = is_flag_half and not flag_open
        joined = char == "\u200d"
    return count


def string(
    *,
    most: int | None = None,
    least: int = 0,
    length: Callable[[str], int] = utf16_length,
    empty: str = "May not be empty",
) -> Check:
    """A string of `least` to `most` characters, counted by `length`."""

    def check(value: Any, path: Path, report: Report) -> None:
        if not isinstance(value, str):
            report.add(path, WRONG_TYPE)
        elif least and not value:
            report.add(path, empty)
        elif most is not None and not least <= length(value) <= most:
            report.add(path, f"Length must be between 0 and {most}")

    return check


def sender_name(value: Any, path: Path, report: Report) -> None:
    """A display name; LINE takes none with certain words in it, of which it names its own."""
    string(least=1, most=20)(value, path, report)
    if isinstance(value, str) and "line" in unicodedata.normalize("NFKC", value).lower():
        report.add(path, "invalid sender name")


def integer(*, least: int | None = None, most: int | None = None) -> Check:
    """A whole number within bounds, both included."""

    def check(value: Any, path: Path, report: Report) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            report.add(path, WRONG_TYPE)
        elif least is not None and most is not None and not least <= value <= most:
            report.add(path, f"Must be between {least} and {most}")
        elif least is not None and value < least:
            report.add(path, f"must be greater than or equal to {least}")

    return check


def number(*, least: float, most: float) -> Check:
    """A number within bounds, both included."""

    def check(value: Any, path: Path, report: Report) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            report.add(path, WRONG_TYPE)
        elif not least <= value <= most:
            report.add(path, f"Must be between {least:g} and {most:g}")

    return check


def boolean(value: Any, path: Path, report: Report) -> None:
    """true or false."""
    if not isinstance(value, bool):
        report.add(path, WRONG_TYPE)


def one_of(*choices: str) -> Check:
    """One of a few words."""

    def check(value: Any, path: Path, report: Report) -> None:
        if not isinstance(value, str):
            report.add(path, WRONG_TYPE)
        elif value not in choices:
            report.add(path, f"Must be one of the following values: [{', '.join(choices)}]")

    return check


def pattern(regex: str, message: str = WRONG_TYPE) -> Check:
    """A string that matches `regex` from end to end."""
    compiled = re.compile(regex)

    def check(value: Any, path: Path, report: Report) -> None:
        if not isinstance(value, str):
            report.add(path, WRONG_TYPE)
        elif not compiled.fullmatch(value):
            report.add(path, message)

    return check


def is_loopback(host: str | None) -> bool:
    """Whether a host name can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def loopback_origin(url: str) -> str | None:
    """The origin of an http:// URL on this machine, or None for any other URL."""
    parts = urlsplit(url)
    if parts.scheme == "http" and is_loopback(parts.hostname):
        return f"{parts.scheme}://{parts.netloc}"
    return None


def _is_encoded(value: str) -> bool:
    """URLs must be percent-encoded, so they hold visible ASCII only."""
    return bool(re.fullmatch(r"[!-~]+", value))


def picture_url(value: Any, path: Path, report: Report) -> None:
    """An https URL of a picture or other media; the simulator takes http from its own host too."""
    if not isinstance(value, str):
        report.add(path, WRONG_TYPE)
        return
    if utf16_length(value) > URL_LENGTH_MAX:
        report.add(path, f"Length must be between 0 and {URL_LENGTH_MAX}")
        return
    try:
        parts = urlsplit(value)
    except ValueError:
        report.add(path, "invalid uri")
        return
    if not parts.netloc or not _is_encoded(value):
        report.add(path, "invalid uri")
    elif parts.scheme != "https" and loopback_origin(value) not in (report.http_origin or "-",):
        report.add(path, "invalid uri scheme")


def link(*, most: int = 1_000) -> Check:
    """A URI that a tap opens: http, https, line or tel."""

    def check(value: Any, path: Path, report: Report) -> None:
        if not isinstance(value, str):
            report.add(path, WRONG_TYPE)
        elif utf16_length(value) > most:
            report.add(path, f"Length must be between 0 and {most}")
        elif value.split(":", 1)[0].lower() not in ("http", "https", "line", "tel"):
            report.add(path, "invalid uri scheme")
        elif not _is_encoded(value) or not value.split(":", 1)[1].strip("/"):
            report.add(path, "invalid uri")

    return check


def array(check_item: Check, *, least: int = 0, most: int | None = None) -> Check:
    """An array of `least` to `most` items, each checked."""

    def check(value: Any, path: Path, report: Report) -> None:
        if not isinstance(value, list):
            report.add(path, WRONG_TYPE)
            return
        if len(value) < least or (most is not None and len(value) > most):
            report.add(path, f"Size must be between {least} and {most}")
        for index, item in enumerate(value):
            check_item(item, (*path, index), report)

    return check


def thing(kind: Kind) -> Check:
    """An object of one kind."""

    def check(value: Any, path: Path, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(path, WRONG_TYPE)
            return
        check_fields(value, kind, path, report)

    return check


def check_fields(value: Mapping[str, Any], kind: Kind, path: Path, report: Report) -> None:
    """Checks an object's properties; null counts as left out."""
    for name, wanted in kind.fields.items():
        if value.get(name) is not None:
            wanted.check(value[name], (*path, name), report)
        elif wanted.required:
            report.add((*path, name), "must be specified")
    if kind.strict:
        for name in value:
            if name not in kind.fields:
                report.add((*path, name), "unknown field")
    for rule in kind.rules:
        rule(value, path, report)


def typed(kinds: Mapping[str, Kind], *, only: tuple[str, ...] | None = None) -> Check:
    """An object whose `type` says which of `kinds` it is; `only` narrows what may stand here."""
    allowed = only if only is not None else tuple(kinds)

    def check(value: Any, path: Path, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(path, WRONG_TYPE)
            return
        name = value.get("type")
        if name is None:
            report.add((*path, "type"), "must be specified")
        elif not isinstance(name, str) or name not in allowed:
            choices = ", ".join(allowed)
            report.add((*path, "type"), f"Must be one of the following values: [{choices}]")
        else:
            check_fields(value, kinds[name], path, report)

    return check
