"""A language that nobody speaks, made from the English texts: whoever has chosen English reads it.
By it one sees what is said in no file, and what is cut off where another language is longer.

Each text stands in brackets, in letters of its own, and is longer by two fifths, as German or
Finnish would be. Placeholders stay."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.dates import get_day_names, get_month_names

from rules.programme.programme import Programme
from rules.wording import texts
from rules.wording.texts import Text

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OURS = "åƀçðéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ"
_LETTERS = str.maketrans(_PLAIN, _OURS)
OPENS, CLOSES = "⟦", "⟧"
#: By so much it is longer.
_GROWS = 0.4
_LONG_WORD = "~~~~~~~~~~~~ "
#: What is no word of the text: a placeholder, an address, an entity, a tag, a command.
_KEPT = re.compile(r"(\{[^{}]*\}|https?://\S+|&\w+;|<[^<>]+>|`[^`]*`)")
#: LINE takes no more letters of what a button says, so that such a text neither grows nor stands in
#: brackets: its letters alone say whose it is.
LABEL_MAX = 20
#: What is called so in every language.
_NAMES = ("LINE", "Kayoi", "QR", "SQLite", "PostgreSQL", "English", "https", "PR")
#: What the shop's own words are in English, where no programme says it.
_TERMS = ("visit", "visits", "point", "points", "Points")
_WORD = re.compile(r"[A-Za-z]{2,}")
#: A code, which is by chance.
_CODE = re.compile(r"\b(?=[A-Z-]*\d)[A-Z\d]{2,4}(?:-?[A-Z\d]{2,4})+\b")


def pseudo(text: str) -> str:
    """The text in that language."""
    said = "".join(
        part if _KEPT.fullmatch(part) else part.translate(_LETTERS) for part in _KEPT.split(text)
    )
    if len(text) <= LABEL_MAX:
        return said
    # In words as long as some are.
    more = (_LONG_WORD * len(text))[: round(len(text) * _GROWS - 2)]
    return f"{OPENS}{said}{more}{CLOSES}"


@pytest.fixture
def pseudo_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has chosen English reads that language."""
    known = texts._texts

    def changed(text: Text) -> Text:
        if isinstance(text, str):
            return pseudo(text)
        return {form: pseudo(said) for form, said in text.items()}

    there = {key: changed(text) for key, text in known("en").items()}
    monkeypatch.setattr(texts, "_texts", lambda lang: there if lang == "en" else known(lang))


class Reading(HTMLParser):
    """What a page says to somebody who sees or hears it."""

    _NOT_SAID = ("script", "style", "code", "pre", "template", "textarea", "svg")
    _SAID_BY = ("aria-label", "alt", "title", "placeholder")

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        if tag in self._NOT_SAID:
            self._within.append(tag)
        self.said += [value for name, value in attrs if name in self._SAID_BY and value]

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within and data.strip():
            self.said.append(" ".join(data.split()))


def said_on(page: str) -> list[str]:
    """All lines of a page's HTML."""
    reading = Reading()
    reading.feed(page)
    return reading.said


def known_words(programme: Programme, *more: str) -> set[str]:
    """What is no text of ours: what the shop wrote, names of months and days, and `more`."""
    said = [*_strings(programme.model_dump()), *_NAMES, *_TERMS, *more]
    for width in ("wide", "abbreviated"):
        said += get_month_names(width, locale="en").values()
        said += get_day_names(width, locale="en").values()
    return {word for each in said for word in _WORD.findall(each)}


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _strings(each)
        case list() | tuple():
            for each in value:
                yield from _strings(each)


def in_no_file(said: Iterable[str], known: set[str]) -> list[str]:
    """The lines with words that stand in no file of the texts."""

    def words(line: str) -> list[str]:
        return _WORD.findall(_CODE.sub(" ", _KEPT.sub(" ", line)))

    return [line for line in said if not known.issuperset(words(line))]
