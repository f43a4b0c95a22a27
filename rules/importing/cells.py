"""What a cell says, whatever a spreadsheet made of it on the way."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from ..characters import as_typed, without_marks
from ..programme.birthdays import read_birthday

#: Day 0 of spreadsheets, whose day 60 (29 February 1900) never was: good from March 1900 on.
_DAY_0 = date(1899, 12, 30)
_SERIALS = range(10_000, 80_000)
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")
_TIME = re.compile(r"[ T](\d{1,2})[:時](\d{1,2})(?:[:分](\d{1,2}))?[秒分]?$")
_AS_TEXT = re.compile(r'="([^"]*)"')
#: A number that a spreadsheet has rounded to what it shows.
_ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")
_AROUND = re.compile(r"[\s,、¥\\円点個回枚]|(?:pt|points?|ポイント|スタンプ)$", re.IGNORECASE)
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
#: As large as anybody means it.
_NUMBER_MAX = 9
_DAY_SECONDS = 86_400
_ZEROS = re.compile(r"\.0+$")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What can't be read of a cell, by a refusal's code."""

    code: str


@dataclass(frozen=True, slots=True)
class MomentTold:
    """A day, and the hour where it was told; whether it was made from a spreadsheet's number."""

    on: date
    at: time | None = None
    is_mended: bool = False


def text_in(cell: str) -> str:
    """The cell's text: without what kept a spreadsheet from reckoning with it."""
    if found := _AS_TEXT.fullmatch(cell):
        return found[1].strip()
    if cell[:1] == "'" and cell[1:2] in _FORMULA:
        return cell[1:].strip()
    return cell.strip()


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would reckon with it, so that nobody knows what it shows there."""
    return cell.startswith(("=", "@", "＝", "＠")) and not _AS_TEXT.fullmatch(cell)


def is_rounded(text: str) -> bool:
    return _ROUNDED.fullmatch(as_typed(text)) is not None


def number_in(text: str) -> int | Wrong:
    """A whole number from 0 on, with what people write with it: 1,200円, １２０, 80pt."""
    plain = _ZEROS.sub("", _AROUND.sub("", as_typed(text)))
    if not (plain.isascii() and plain.isdigit() and len(plain) <= _NUMBER_MAX):
        return Wrong("import_number")
    return int(plain)


def moment_in(text: str) -> MomentTold | Wrong:
    """A day as people and spreadsheets write it: 2026/1/5, 令和8年1月5日, 20260105, 46027; with the
    hour behind it where it is told."""
    plain = as_typed(text)
    if found := _SERIAL.fullmatch(plain):
        return _of_serial(int(found[1]), float(found[2] or 0))
    at = None
    if found := _TIME.search(plain):
        try:
            at = time(int(found[1]), int(found[2]), int(found[3] or 0))
        except ValueError:
            return Wrong("import_date")
        plain = plain[: found.start()]
    read = read_birthday(re.sub(r"\([日月火水木金土]\)$", "", plain))
    if read is None:
        return Wrong("import_date")
    year, month, day = read
    if year is None:
        return Wrong("import_year")
    return MomentTold(date(year, month, day), at)


def _of_serial(days: int, part: float) -> MomentTold | Wrong:
    if days not in _SERIALS:
        return Wrong("import_date")
    at = None
    if part:
        seconds = round(part * _DAY_SECONDS) % _DAY_SECONDS
        at = time(seconds // 3_600, seconds // 60 % 60, seconds % 60)
    return MomentTold(_DAY_0 + timedelta(days=days), at, is_mended=True)


def digits_in(text: str) -> str:
    """A card's number or a telephone as it is compared: one width, nothing between."""
    return without_marks(as_typed(text)).upper()
