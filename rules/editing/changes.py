"""What a draft changes field by field, for what no sentence says: own words, and settings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ..wording.words import Words
from .controls import AnyOptions, OneOf, OneOption, Repeated, Switch, Table
from .fields import Filled, FormField
from .labels import label, option, options
from .parts import OWN_WORDS, Part, changed_parts, controls, kinds_of, values_of


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What stood in a field and what stands there now, as people read it; "" for nothing. `path`
    are the names that lead to it, the part's last one first known."""

    path: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PartDifference:
    """A part that was changed, by its names: what it is one of, and its own ("" for none)."""

    part: Part
    name: str
    fields: tuple[FieldChange, ...]


def part_differences(
    words: Words, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[PartDifference]:
    """Each part that is there before and after, and what of it is otherwise. What is new or gone as
    a whole is told by its sentence, and so is a text in own words."""
    for part, now in changed_parts(before, after):
        if part.section == OWN_WORDS:
            continue
        was = values_of(before, part)
        if was is None or now is None:
            continue
        kind = str(now.get("kind", "")) if kinds_of(part.section) else ""
        asked = controls(part.section, kind)
        before_, after_ = (Filled(each).fields(asked) for each in (was, now))
        old, new = (dict(_leaves(words, each, ())) for each in (before_, after_))
        called = dict(chain(_called(before_), _called(after_)))
        changed = (
            FieldChange(tuple(called.get(e, e) for e in p), old.get(p, ""), new.get(p, ""))
            for p in dict.fromkeys((*old, *new))
        )
        different = tuple(each for each in changed if each.before != each.after)
        if different:
            yield PartDifference(part, _name(words, now, kind), different)


def _name(words: Words, values: Mapping[str, Any], kind: str) -> str:
    if kind:
        return words.say(f"journey.kind.{kind}")
    named = values.get("name") or values.get("title")
    if not isinstance(named, Mapping):
        return ""
    return str(named.get(words.lang) or named.get("ja", ""))


def _called(fields: tuple[FormField, ...]) -> Iterator[tuple[str, str]]:
    """What rows are called that nobody knows by their ids."""
    for field in fields:
        yield from _called(field.inside)
        for row in field.rows:
            yield from _called(row.inside)
            if isinstance(field.control, Repeated) and field.control.by_words and row.title:
                yield row.id, row.title


def _leaves(
    words: Words, fields: tuple[FormField, ...], above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """What stands in each field below, by the names that lead to it."""
    for field in fields:
        here = (*above, label(words, field.control))
        match field.control:
            case Table() if not field.value:
                continue
            case Table():
                yield from _leaves(words, field.inside, here)
            case OneOf() as control:
                if field.value:
                    yield here, option(words, control, str(field.value))
                yield from _leaves(words, field.inside, here)
            case Repeated():
                for place, row in enumerate(field.rows, start=1):
                    if not row.is_new:
                        yield from _leaves(words, row.inside, (*here, row.id or str(place)))
            case _:
                yield from _single(words, field, here)


def _single(
    words: Words, field: FormField, here: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    match field.control, field.value:
        case Switch(), on:
            yield here, words.say("owner.form.yes" if on else "owner.form.no")
        case AnyOptions() as control, tuple(ticked):
            known = dict(options(words, control))
            yield here, words.listed(known.get(each, each) for each in ticked) if ticked else ""
        case OneOption() as control, value:
            known = dict(options(words, control))
            yield here, known.get(str(value), str(value))
        case _, tuple(both):
            for lang, text in zip(("ja", "en"), both, strict=False):
                yield (*here, words.say(f"owner.form.{lang}")), str(text)
        case _, value:
            yield here, str(value)
