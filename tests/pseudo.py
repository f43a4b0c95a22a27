"""A language that nobody speaks, made from the English texts: whoever has chosen English reads it.
By it one sees what is said in no file, and what is cut off where another language is longer.

Each text stands in brackets, in letters of its own, and is longer by two fifths, as German or
Finnish would be. Placeholders stay."""

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, wraps
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.dates import get_day_names, get_month_names

from handlers.actions.telling.messages import SayMessages
from handlers.jobs.delivery import wording as push_wording
from handlers.jobs.delivery.addressee import Addressee
from handlers.jobs.delivery.journey_wording import WordedMessage
from rules.base import Lang
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


def _changed(text: Text) -> Text:
    if isinstance(text, str):
        return pseudo(text)
    return {form: pseudo(said) for form, said in text.items()}


@cache
def _there() -> Mapping[str, Text]:
    """All texts in that language."""
    return {key: _changed(text) for key, text in texts.keys("en").items()}


@pytest.fixture
def pseudo_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has chosen English reads that language."""
    known = texts._texts

    there = _there()
    monkeypatch.setattr(texts, "_texts", lambda lang: there if lang == "en" else known(lang))


class _Ear(threading.local):
    """Whether this thread reads that language."""

    abroad = False


@pytest.fixture
def pushed_abroad(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever goes out to anybody is worded once more, for somebody who reads that language: it
    says nothing that stands in no file."""
    known, ear, wording = texts._texts, _Ear(), push_wording._wording
    there = _there()
    wrong: dict[str, list[str]] = {}

    def read(lang: Lang) -> Mapping[str, Text]:
        return there if lang == "en" and ear.abroad else known(lang)

    @wraps(wording)
    def worded(message: Any, reader: Addressee) -> WordedMessage | None:
        found: WordedMessage | None = wording(message, reader)
        if found is not None and not isinstance(message, SayMessages):
            ear.abroad = True
            try:
                again = wording(message, abroad(reader))
            finally:
                ear.abroad = False
            said = list(said_in(again.messages)) if again else []
            own = map(repr, (message, reader.events, reader.circle, reader.broadcasts))
            its = known_words(reader.programme, reader.display_name, *own)
            if lines := in_no_file(said, its):
                wrong.setdefault(getattr(message, "name", message.kind), lines)
        return found

    monkeypatch.setattr(texts, "_texts", read)
    monkeypatch.setattr(push_wording, "_wording", worded)
    yield
    assert not wrong, f"stands in no file: {wrong}"


def abroad(reader: Addressee) -> Addressee:
    return replace(reader, member=replace(reader.member, language="en"))


#: What of a message in LINE's form is read.
_READ = ("text", "label", "altText", "displayText", "title")


def said_in(part: Any) -> Iterator[str]:
    """All lines of messages in LINE's form."""
    match part:
        case list() | tuple():
            for each in part:
                yield from said_in(each)
        case dict():
            for name, each in part.items():
                if isinstance(each, str):
                    if name in _READ:
                        yield each.replace("\u2060", "")
                else:
                    yield from said_in(each)


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
