"""One row of a file: what it says of whom, or what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from ..base import POINTS_MAX, YEN_MAX, Lang
from ..characters import one_width
from ..programme.birthdays import read_birthday
from ..shop import Shop
from .cells import (
    MomentTold,
    Wrong,
    digits_in,
    is_formula,
    is_rounded,
    moment_in,
    number_in,
    text_in,
)
from .columns import MAKES_MEMBERS, ImportField, ImportKind

_YES = ("1", "はい", "有", "あり", "同意", "同意する", "○", "〇", "YES", "Y", "TRUE", "OK", "済")
_LANGS: Mapping[str, Lang] = {
    "JA": "ja", "日本語": "ja", "JAPANESE": "ja", "JP": "ja",
    "EN": "en", "英語": "en", "ENGLISH": "en",
}  # fmt: skip
_NOON = time(12)
_NAME_MAX, _NUMBER_MAX = 60, 20
_VISITS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class RowSaid:
    """What a row says. `wrong` is why nothing can be done with it, as a refusal's code."""

    number: str = ""
    #: As it is written.
    phone: str = ""
    name: str = ""
    kana: str = ""
    #: (year or None, month, day).
    birthday: tuple[int | None, int, int] | None = None
    joined: date | None = None
    language: Lang | None = None
    visits: int = 0
    #: None: it says nothing of them.
    points: int | None = None
    until: date | None = None
    on: date | None = None
    at: time | None = None
    #: As it is written.
    store: str = ""
    yen: int = 0
    tax: int = 0
    receipt: str = ""
    #: None: it says nothing of them.
    stamps: int | None = None
    wrong: str = ""
    #: The field that is wrong; "" where the whole row is.
    field: ImportField | Literal[""] = ""
    #: What a spreadsheet had spoilt, and was put right.
    mended: tuple[ImportField, ...] = ()

    def moment(self, shop: Shop) -> datetime:
        """When it happened: at noon where only the day is told."""
        return datetime.combine(self.on or date.min, self.at or _NOON, shop.zone)


def read_row(kind: ImportKind, cells: Sequence[str], columns: Mapping[ImportField, int]) -> RowSaid:
    """What the cells say, each in the column that is for it."""
    said: dict[str, Any] = {}
    mended: list[ImportField] = []
    for field, column in columns.items():
        cell = cells[column] if column < len(cells) else ""
        if not cell:
            continue
        if is_formula(cell):
            return RowSaid(wrong="import_formula", field=field)
        read = _read(field, text_in(cell))
        if isinstance(read, Wrong):
            return RowSaid(wrong=read.code, field=field)
        if isinstance(read, MomentTold):
            if read.is_mended:
                mended.append(field)
            read = _taken(field, read, said)
        if field != "consent":
            said[_KEPT.get(field, field)] = read
    whole = RowSaid(**said, mended=tuple(mended))
    code = _lacks(kind, whole)
    return RowSaid(wrong=code) if code else whole


#: Where a field stands by another name.
_KEPT = {"day": "on", "time": "at"}


def _taken(field: ImportField, read: MomentTold, said: dict[str, Any]) -> object:
    if field == "day" and read.at is not None:
        said.setdefault("at", read.at)
    return read.on


def _read(field: ImportField, text: str) -> object:
    match field:
        case "number" | "phone" if is_rounded(text):
            return Wrong("import_rounded")
        case "number":
            number = digits_in(text)
            return number if 0 < len(number) <= _NUMBER_MAX else Wrong("import_card")
        case "phone":
            return text
        case "name" | "kana":
            plain = " ".join(text.split())
            return plain if len(plain) <= _NAME_MAX else Wrong("profile_long")
        case "birthday":
            return _birthday(text)
        case "joined" | "until" | "day":
            return moment_in(text)
        case "time":
            found = moment_in(f"2000-01-01 {text}")
            return found.at if isinstance(found, MomentTold) and found.at else Wrong("import_time")
        case "language" | "consent":
            return _word(field, one_width(text).upper())
        case "store" | "receipt":
            return text if len(text) <= _NAME_MAX else Wrong("profile_long")
        case _:
            return _number(field, text)


def _word(field: ImportField, text: str) -> str | Wrong:
    if field == "language":
        return _LANGS.get(text, Wrong("import_language"))
    return text if text in _YES else Wrong("import_no_consent")


def _number(field: ImportField, text: str) -> int | Wrong:
    most = {
        "yen": YEN_MAX, "tax": YEN_MAX, "visits": _VISITS_MAX,
    }.get(field, POINTS_MAX)  # fmt: skip
    found = number_in(text)
    return Wrong("import_number") if isinstance(found, int) and found > most else found


def _birthday(text: str) -> tuple[int | None, int, int] | Wrong:
    """A birthday may do without its year."""
    found = moment_in(text)
    if isinstance(found, MomentTold):
        return found.on.year, found.on.month, found.on.day
    return read_birthday(text) or Wrong("import_date")


def _lacks(kind: ImportKind, row: RowSaid) -> str | None:
    """What it does not say, and can't be done without."""
    if kind in MAKES_MEMBERS:
        if not (row.name or row.phone or row.number):
            return "import_needs_name"
    elif not (row.number or row.phone):
        return "import_needs_who"
    match kind:
        case "members":
            lacks = False
        case "stamps":
            lacks = row.stamps is None
        case "visits":
            lacks = row.on is None
        case "purchases":
            lacks = row.on is None or not row.yen
        case _:
            lacks = row.points is None
    return "import_needs_more" if lacks else None
