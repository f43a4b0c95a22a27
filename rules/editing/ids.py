"""Ids of parts that a form adds: short names that stay, as the ledger knows rules by them."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import count
from typing import Any

#: An id has 40 characters at the most, one of a journey 32; room is left for a number.
_LENGTH_MAX = 28
_OTHERS = re.compile(r"[^a-z0-9]+")


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
