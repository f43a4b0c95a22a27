"""The texts that members read, for who puts them into the shop's own words: listed by where they
are met, each with what ours is, and as it looks with a sample in each placeholder."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..base import Lang
from ..programme.programme import Programme
from ..wording.own.fitting import chosen
from ..wording.own.offered import Place, offered, one_and_other, placeholders_of
from ..wording.own.samples import sample_filled, samples
from ..wording.texts import has_text, show, text_of
from ..wording.words import Words, shop_terms

#: Where a name is not a member's.
_OF_THINGS = ("activity.", "card.line.", "chat.today.", "eco.", "explain.", "today.")
#: Where a place or hours are a number.
_OF_TEXTS: Mapping[str, Mapping[str, Any]] = {
    "chat.questions.progress": {"place": 3}, "explain.hours_long": {"hours": 3},
}  # fmt: skip
#: What stands with a text in one message: the last part of its key and those of the other's.
_TITLES = ("{}_title", "title")
_BODIES = ("body", "ask", "thanks", "hint", "how", "none")


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text in the list: as members read it now, and as it is of ours where that is otherwise."""

    key: str
    now: str
    ours: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class TextTable:
    """Texts that belong together."""

    name: str
    rows: tuple[TextRow, ...]

    @property
    def title(self) -> str:
        """What it is about, as its own title says; "" where it has none."""
        return next((row.now for row in self.rows if row.key == f"{self.name}.title"), "")


@dataclass(frozen=True, slots=True)
class TextField:
    """A form of a text in one language: its field's name, what ours says, and what the shop says
    in its place ("" for nothing)."""

    name: str
    lang: Lang
    is_one: bool
    ours: str
    own: str

    @property
    def value(self) -> str:
        return self.own or self.ours


@dataclass(frozen=True, slots=True)
class PlaceholderHelp:
    """What a text may name: as it is written, what that is, and what stands there for example."""

    name: str
    what: str
    sample: str


@dataclass(frozen=True, slots=True)
class SeenText:
    """A text as members see it: above or below what belongs to it, or on a button."""

    lang: Lang
    title: str = ""
    body: str = ""
    button: str = ""


def listed(words: Words, *, place: Place | None = None, said: str = "") -> Iterator[TextTable]:
    """The texts of a place, or of all, table by table; of them those that say or are called
    `said`."""
    rows: dict[str, list[TextRow]] = {}
    values, wanted = _values(words.programme, words.lang), said.casefold()
    for key, where in offered().items():
        if place is not None and where != place:
            continue
        row = _row(words, key, values)
        if not wanted or wanted in f"{row.now}\n{row.ours}\n{key}".casefold():
            rows.setdefault(key.rpartition(".")[0], []).append(row)
    return (TextTable(name, tuple(each)) for name, each in rows.items())


def _row(words: Words, key: str, values: Mapping[str, Any]) -> TextRow:
    lang, values = words.lang, _about(key, values)
    ours, now = (
        sample_filled(lang, text, values).strip()
        for text in (text_of(lang, key), chosen(words.programme, lang, key))
    )
    is_own = any(own.id == key for own in words.programme.words)
    return TextRow(key, now, ours if now != ours else "", is_own)


def fields_of(key: str, values: Mapping[str, Any]) -> tuple[TextField, ...]:
    """What the form of the text asks, filled with the table that the programme's file has of it."""
    found = []
    langs: tuple[Lang, ...] = ("ja", "en")
    for lang in langs:
        other, one = one_and_other(text_of(lang, key))
        for name, is_one, ours in ((lang, False, other), (f"{lang}_one", True, one)):
            if ours:
                own = str(values.get(name, ""))
                found.append(TextField(name, lang, is_one, ours.strip(), own))
    return tuple(found)


def typed(key: str, form: Mapping[str, str]) -> dict[str, str]:
    """The table that the file would have of what was typed, without what ours says just so; empty
    where nothing is said otherwise."""
    said = {}
    for field in fields_of(key, {}):
        text = form.get(field.name, "").replace("\r\n", "\n").strip()
        if text and text != field.ours:
            said[field.name] = text
    return {"id": key} | said if said else {}


def placeholders(words: Words, key: str) -> tuple[PlaceholderHelp, ...]:
    """What the text may name, explained; the shop's own words last."""
    values = _about(key, _values(words.programme, words.lang))
    names = dict.fromkeys((*placeholders_of("ja", key), *placeholders_of("en", key)))
    terms = shop_terms(words.programme, words.lang)
    return tuple(_help(words, name, values) for name in (*names, *terms))


def explained(words: Words, names: Iterable[str]) -> tuple[PlaceholderHelp, ...]:
    """The same of what a message may name."""
    values = _values(words.programme, words.lang)
    known = (name for name in names if has_text(words.lang, f"owner.words.named.{name}"))
    return tuple(_help(words, name, values) for name in known)


def _help(words: Words, name: str, values: Mapping[str, Any]) -> PlaceholderHelp:
    what, sample = words.say(f"owner.words.named.{name}"), values.get(name, "…")
    return PlaceholderHelp(f"{{{name}}}", what, show(words.lang, sample))


def seen(programme: Programme, key: str) -> tuple[SeenText, ...]:
    """The text as members see it, in both languages and each of its forms."""
    langs: tuple[Lang, ...] = ("ja", "en")
    return tuple(each for lang in langs for each in _seen(programme, key, lang))


def _seen(programme: Programme, key: str, lang: Lang) -> Iterator[SeenText]:
    values, text = _about(key, _values(programme, lang)), chosen(programme, lang, key)
    counts = (12, 1) if isinstance(text, dict) and "one" in text else (12,)
    for count in counts:
        said = sample_filled(lang, text, {**values, "count": count}).strip()
        table, _, last = key.rpartition(".")
        if table == "chat.button" or (table == "push" and last.startswith("see_")):
            yield SeenText(lang, button=said)
            continue
        other = next(filter(lambda k: has_text(lang, k), _beside(table, last)), "")
        told = sample_filled(lang, chosen(programme, lang, other), values).strip() if other else ""
        is_title = "title" in last or last == "why"
        yield SeenText(lang, said, told) if is_title else SeenText(lang, told, said)


def _beside(table: str, last: str) -> Iterator[str]:
    """The keys of what might stand in one message with a text, the likeliest first."""
    if last in ("why", "then"):
        yield f"{table}.{'then' if last == 'why' else 'why'}"
    elif last.endswith("_title"):
        yield f"{table}.{last.removesuffix('_title')}"
    elif "title" in last:
        yield from (f"{table}.{body}" for body in (last.replace("title", "body"), *_BODIES))
    else:
        yield from (f"{table}.{title.format(last)}" for title in _TITLES)


def _about(key: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The samples as they stand in that text."""
    if key.startswith(_OF_THINGS):
        values = {**values, "name": values["thing"]}
    return {**values, **_OF_TEXTS.get(key, {})}


def _values(programme: Programme, lang: Lang) -> dict[str, Any]:
    """A sample for each placeholder: of the programme where it has such a thing."""
    words = Words(programme, lang)
    names: dict[str, Any] = {"shop": words.name(programme.shop.name)}
    names |= {"store": words.name(programme.stores[0].name), "amount": words.amount(100)}
    names |= {"stores": words.stores(store.id for store in programme.stores)}
    if programme.ranks:
        rank = words.name(programme.ranks.steps[-1].name)
        names |= {"rank": rank, "after": rank, "ranks": rank}
    if programme.rewards:
        names |= dict.fromkeys(("reward", "target"), words.name(programme.rewards[0].name))
    if programme.badges:
        names |= {"badge": words.name(programme.badges[0].name)}
    return samples(lang, shop_terms(programme, lang)) | names
