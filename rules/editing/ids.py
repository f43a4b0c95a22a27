"""Ids of parts that a form adds: short names that stay, as the ledger knows rules by them; and of
perks, each of which keeps its own, whatever it is called by now."""

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from itertools import chain, count
from typing import Any

from ..programme.ranks import key_of_words
from .parts import Part, parts_in, values_of

#: An id has 40 characters at the most, one of a journey 32; room is left for a number.
_LENGTH_MAX = 28
_OTHERS = re.compile(r"[^a-z0-9]+")


#: Where there are perks.
_SECTIONS = ("ranks", "subscriptions")
#: What a part is called by, the first that it has.
_NAMES = ("name", "title", "text")


def new_id(values: Mapping[str, Any], else_: str, taken: Collection[str]) -> str:
    """An id that nothing of `taken` has, for a part of such `values`: of the English in its name,
    else of what the part is."""
    name = next((values[key] for key in _NAMES if key in values), None)
    english = str(name.get("en", "")) if isinstance(name, Mapping) else ""
    plain = _plain(english) or _plain(else_) or "part"
    return next(each for each in _numbered(plain) if each not in taken)


def _plain(text: str) -> str:
    plain = _OTHERS.sub("_", text.lower()).strip("_")[:_LENGTH_MAX].strip("_")
    return plain if plain[:1].isalpha() else ""


def _numbered(plain: str) -> Iterator[str]:
    yield plain
    yield from (f"{plain}_{number}" for number in count(2))


def with_perk_ids(
    values: Mapping[str, Any], part: Part, data: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The `values` typed for `part` of the programme `data`, with ids for its perks: what was there
    has its own, but where it needs none.

    One that is called otherwise keeps it, unless another perk has it that is called as before: then
    it was one perk at two places, and here it is another now. A new one has that of whatever has
    the same name, else of its words.
    """
    if part.section not in _SECTIONS:
        return values
    values = deepcopy(dict(values))
    rows = [perk for perk in _perks(values) if _name(perk)]
    there = list(_perks(values_of(data, part) or {}))
    before = {_key(perk): _name(perk) for perk in there}
    others = (each for each in parts_in(data) if each != part and each.section in _SECTIONS)
    elsewhere = chain.from_iterable(_perks(values_of(data, each) or {}) for each in others)
    names = {_key(perk): _name(perk) for perk in elsewhere}
    for row in rows:
        if (own := row.get("id")) and before.get(own) == _name(row):
            names.setdefault(own, _name(row))
    for row in rows:
        if row.get("id") and names.setdefault(row["id"], _name(row)) != _name(row):
            del row["id"]
    unwritten = {_key(perk) for perk in there if not perk.get("id")}
    for row in rows:
        if not row.get("id"):
            _put_first(row, _new(_name(row), names))
            names[row["id"]] = _name(row)
        elif row["id"] in unwritten and row["id"] == key_of_words(_name(row)):
            del row["id"]
    return values


def _new(name: str, names: Mapping[str, str]) -> str:
    same = (key for key, called in names.items() if called == name)
    words = (key_of_words(f"{name}{n or ''}") for n in count())
    return next(same, None) or next(key for key in words if key not in names)


def _put_first(row: dict[str, Any], own: str) -> None:
    rest = {key: value for key, value in row.items() if key != "id"}
    row.clear()
    row.update({"id": own} | rest)


def _perks(values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All that are written in a part, wherever in it they stand."""
    steps = values.get("steps")
    holders = [values, *(steps if isinstance(steps, list) else ())]
    for holder in holders:
        found = holder.get("perks") if isinstance(holder, Mapping) else None
        yield from (each for each in (found if isinstance(found, list) else ()) if each)


def _key(perk: Mapping[str, Any]) -> str:
    return str(perk.get("id") or key_of_words(_name(perk)))


def _name(perk: Mapping[str, Any]) -> str:
    """What it is called in Japanese; "" for nothing yet."""
    name = perk.get("name")
    return str(name.get("ja", "")) if isinstance(name, Mapping) else ""
