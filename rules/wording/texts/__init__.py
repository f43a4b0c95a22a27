"""Every word that members and staff read, and how a sentence is filled in.

Each language has a folder, and each section of the texts a file in it: `chat.rank` stands in
`chat.toml`, `staff.page.find` in `staff.page.toml`.

A text is a string with named placeholders, or a table of forms chosen by `count`, as the language
has them (Babel, CLDR). Numbers and dates are written the way it does, too; everything else goes in
as it is.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time, get_day_names
from babel.numbers import format_decimal

from rules.base import LANGS, Lang

#: A text with its placeholders, or its forms for one and for other numbers.
Text = str | dict[str, str]

_DAY = {"ja": "M月d日", "en": "MMM d"}
_MONTH = {"ja": "y年M月", "en": "MMMM y"}
_MONTH_ALONE = {"ja": "M月", "en": "MMMM"}
_MONTH_SHORT = {"ja": "M月", "en": "MMM"}
_YEAR_MONTH = {"ja": "y年M月", "en": "MMM y"}
_DAY_WITH_YEAR = {"ja": "y年M月d日", "en": "MMM d, y"}


def say(lang: Lang, key: str, **values: Any) -> str:
    """The text `key` (dotted path) in `lang`, filled in.

    A KeyError names a text or a placeholder that is missing: a mistake of ours, found by tests.
    """
    return fill(lang, _texts(lang)[key], values)


def fill(lang: Lang, text: Text, values: Mapping[str, Any]) -> str:
    """A text filled in, in the form that its count asks for."""
    if isinstance(text, dict):
        text = text[form_of(lang, text, values.get("count"))]
    shown = {
        name: value if isinstance(value, str) else show(lang, value)
        for name, value in values.items()
    }
    return text.format_map(shown)


def form_of(lang: Lang, text: Mapping[str, str], count: object) -> str:
    """The form of a text for that number. A language without a form of its own for one (Japanese)
    may still say exactly one in another way."""
    if not isinstance(count, int | float):
        return "other"
    form = number_form(lang, count)
    if form not in text or form == "other":
        form = "one" if count == 1 and "one" in text else "other"
    return form


@lru_cache(maxsize=4_096)
def number_form(lang: Lang, count: float) -> str:
    """Which of the language's forms goes with that number: "one", "other"."""
    return Locale.parse(lang).plural_form(count)


def text_of(lang: Lang, key: str) -> Text:
    """The text `key` with its placeholders still in it. KeyError for none of ours."""
    return _texts(lang)[key]


def keys(lang: Lang) -> dict[str, Text]:
    """All texts of `lang` by their dotted path."""
    return dict(_texts(lang))


def has_text(lang: Lang, key: str) -> bool:
    """Whether there is a text `key`."""
    return key in _texts(lang)


def section(lang: Lang, name: str) -> dict[str, Text]:
    """The texts of a section, by the rest of their path, with their placeholders still in them: for
    a page that fills them in by itself."""
    start = f"{name}."
    return {
        key.removeprefix(start): text for key, text in _texts(lang).items() if key.startswith(start)
    }


def show(lang: Lang, value: Any) -> str:
    """`value` as a person reads it: 1,234; 11月23日; 14:30."""
    match value:
        case str():
            return value
        case bool() | None:
            return ""
        case int() | float():
            return _number(lang, value)
        case datetime():
            return f"{show(lang, value.date())} {show(lang, value.time())}"
        case date():
            return _day(lang, value)
        case time():
            return format_time(value, "H:mm", locale=lang)
        case _:
            return str(value)


# Babel takes longer over a number than all else takes over the sentence around it.
@lru_cache(maxsize=4_096)
def _number(lang: Lang, value: float) -> str:
    return format_decimal(value, locale=lang)


@lru_cache(maxsize=4_096)
def _day(lang: Lang, day: date) -> str:
    return format_date(day, _DAY[lang], locale=lang)


def long_date(lang: Lang, day: date) -> str:
    """A date with its year."""
    return format_date(day, _DAY_WITH_YEAR[lang], locale=lang)


def day_since(lang: Lang, day: date, today: date) -> str:
    """A date of the past, with its year unless it is today's."""
    return _day(lang, day) if day.year == today.year else long_date(lang, day)


def month_name(lang: Lang, month: date) -> str:
    """A month with its year: 2026年11月, November 2026."""
    return format_date(month, _MONTH[lang], locale=lang)


def month_word(lang: Lang, month: date) -> str:
    """A month without its year: 11月, November."""
    return format_date(month, _MONTH_ALONE[lang], locale=lang)


def month_short(lang: Lang, month: date) -> str:
    """The same as short as it goes: 11月, Nov."""
    return format_date(month, _MONTH_SHORT[lang], locale=lang)


def year_month(lang: Lang, month: date) -> str:
    """A month with its year: 2026年11月, Nov 2026."""
    return format_date(month, _YEAR_MONTH[lang], locale=lang)


def weekday_names(lang: Lang) -> tuple[str, ...]:
    """The days of the week as calendars are headed, Monday first: 月, Mon."""
    names = get_day_names("abbreviated", "stand-alone", locale=lang)
    return tuple(names[day] for day in range(7))


def read_all() -> None:
    """Reads every text, and how numbers and days are written, which is done else when the first of
    a language is said."""
    for lang in LANGS:
        _texts(lang)
        _number(lang, 0)


@cache
def _texts(lang: Lang) -> dict[str, Text]:
    if lang not in LANGS:
        raise KeyError(lang)
    found: dict[str, Text] = {}
    folder = files(__package__).joinpath(lang)
    for file in sorted(folder.iterdir(), key=lambda each: each.name.removesuffix(".toml")):
        if file.name.endswith(".toml"):
            found |= _flat(tomllib.loads(file.read_text(encoding="utf-8")), "")
    return found


def _flat(table: dict[str, Any], prefix: str) -> dict[str, Text]:
    flat: dict[str, Text] = {}
    for name, value in table.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict) and "other" not in value:
            flat |= _flat(value, f"{path}.")
        else:
            flat[path] = value
    return flat
