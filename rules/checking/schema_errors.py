"""Problems of a programme: where in the file, and what would be allowed there."""

import types
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

#: Said where somebody tries to sell points. Points given without payment are no 前払式支払手段;
#: sold ones are (資金決済に関する法律 第3条第1項: 対価を得て発行される), with all its duties.
NEVER_SOLD = (
    "points are given, never sold: sold points are prepaid payment instruments (資金決済法, "
    "前払式支払手段), which this programme does not issue"
)
#: Said where a review's points would hang on stars or on a review site. A review that was paid for
#: and does not say so is an unfair representation (景品表示法 第5条第3号, 令和5年内閣府告示第19号:
#: ステマ規制), and the sites forbid it (Google Maps policy on fake engagement: no incentives).
NO_BOUGHT_REVIEWS = (
    "points never hang on stars, scores or a review site: a review told to the shop in the chat "
    "earns the same whatever it says (景品表示法, ステマ規制; the sites forbid rewarded reviews)"
)

_SELLING = {
    "price", "sell", "sells", "sold", "sale", "buy", "bought", "cash", "charge", "deposit",
    "pay", "paid", "prepaid", "topup",
}  # fmt: skip
_RATING = {
    "platform", "star", "stars", "score", "scores", "rating", "ratings", "google", "gmap",
    "tabelog", "hotpepper", "tripadvisor", "yelp", "site",
}  # fmt: skip

#: What a pattern asks for, in words.
PATTERNS = {
    r"^[a-z][a-z0-9_]{0,39}$": (
        'must be a short name of a-z, 0-9 and _ that begins with a letter, such as "visit_10"'
    ),
    r"^[a-z][a-z0-9_]{0,31}$": (
        'must be a short name of a-z, 0-9 and _ that begins with a letter, such as "lapsed_gold"'
    ),
    r"^#[0-9A-Fa-f]{6}$": 'must be a colour, such as "#8A5A44"',
    r"^[A-Z]{2}$": 'must be a country of two letters, such as "JP"',
    r"^[0-9a-fA-F]{10}$": 'must be a LINE Beacon\'s ten hexadecimal digits, such as "0a1b2c3d4e"',
    r"^\d\d-\d\d$": 'must be a day of the year, such as "03-20"',
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}\.png$": (
        'must be the name of a PNG file in the folder "art", such as "logo.png"'
    ),
    r"^https://\S{1,500}$": 'must be an address that begins with "https://"',
}

_WRONG_TYPES = {
    "int": "must be a whole number, such as 10",
    "decimal": "must be a number, such as 1.5",
    "finite": "must be a number, such as 1.5",
    "string": 'must be text in quotes, such as "…"',
    "bool": "must be true or false",
    "date": "must be a date, such as 2026-04-01",
    "time": "must be a time, such as 09:30:00",
    "tuple": "must be a list, such as [ … ]",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that can't be so."""

    #: The place in the file (`earning[2] "visit" .award.points`); lists count from 0.
    path: str
    #: What may be there.
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def part_path(section: str, place: int, part_id: str, *keys: str) -> str:
    """The path of a part that has an id, or of something in it: `stores[0] "main" .beacons`."""
    inside = "".join(f".{key}" for key in keys)
    return f'{section}[{place}] "{part_id}"' + (f" {inside}" if inside else "")


def from_validation(
    error: ValidationError, data: dict[str, Any], root: type[BaseModel]
) -> tuple[Problem, ...]:
    """Pydantic's errors about `data` as problems, each once, with the paths of the file."""
    found: dict[Problem, None] = {}
    for detail in error.errors(include_url=False):
        place = _find(detail["loc"], data, root)
        found[_problem(place, detail["type"], detail.get("ctx", {}), detail["msg"])] = None
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the file."""

    path: str
    #: The types that may stand there.
    allowed: tuple[Any, ...]
    node: Any
    #: The table that it is in.
    owner: type[BaseModel] | None
    #: Its own name in that table.
    key: str
    section: str


def _find(loc: tuple[int | str, ...], data: Any, root: type[BaseModel]) -> _Place:
    """Follows `loc` through the file and the models at once: pydantic also names the alternatives
    it tried, which are no keys of the file."""
    section = str(loc[0]) if loc else ""
    place = _Place("", (root,), data, None, "", section)
    for part in loc:
        models = _models(place.allowed)
        if isinstance(part, int):
            place = _into_list(place, part)
        elif len(models) > 1:
            chosen = tuple(model for model in models if part in _kinds(model))
            place = _Place(place.path, chosen, place.node, place.owner, place.key, section)
        elif models:
            place = _into_table(place, models[0], part)
    return place


def _into_list(place: _Place, part: int) -> _Place:
    node = place.node[part] if isinstance(place.node, list) and part < len(place.node) else None
    allowed = tuple(
        leaf for t in place.allowed if get_origin(t) is tuple for leaf in _leaves(get_args(t)[0])
    )
    name = node.get("id") if isinstance(node, dict) else None
    label = f' "{name[:40]}"' if isinstance(name, str) else ""
    path = f"{place.path}[{part}]{label}"
    return _Place(path, allowed, node, place.owner, place.key, place.section)


def _into_table(place: _Place, model: type[BaseModel], key: str) -> _Place:
    node = place.node.get(key) if isinstance(place.node, dict) else None
    field = model.model_fields.get(key)
    allowed = tuple(_leaves(field.annotation)) if field else ()
    gap = " " if place.path.endswith('"') else ""
    path = f"{place.path}{gap}.{key}" if place.path else key
    return _Place(path, allowed, node, model, key, place.section)


def _leaves(annotation: Any) -> Iterable[Any]:
    """The alternatives of an annotation, without None and without pydantic's bounds."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _leaves(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for alternative in get_args(annotation):
            yield from _leaves(alternative)
    elif annotation is not type(None):
        yield annotation


def _models(allowed: tuple[Any, ...]) -> list[type[BaseModel]]:
    return [t for t in allowed if isinstance(t, type) and issubclass(t, BaseModel)]


def _kinds(model: type[BaseModel]) -> tuple[str, ...]:
    field = model.model_fields.get("kind")
    return get_args(field.annotation) if field else ()


def _problem(place: _Place, kind: str, ctx: dict[str, Any], said: str) -> Problem:
    match kind:
        case "extra_forbidden":
            return Problem(place.path, _unknown_key(place))
        case "union_tag_invalid" | "union_tag_not_found":
            return _unknown_kind(place, ctx)
        case "literal_error":
            return Problem(place.path, _not_one_of(place, place.node, _choices(place)))
        case "missing":
            return Problem(place.path, "is missing; it is needed")
        case "value_error":
            return Problem(place.path or "program.toml", str(ctx["error"]))
        case "string_pattern_mismatch":
            said = f"must match {ctx['pattern']}"
            return Problem(place.path, PATTERNS.get(ctx["pattern"], said))
        case _:
            bound = _bound(place.node, kind, ctx) or _wrong_type(place, kind) or said
            return Problem(place.path, bound)


def _unknown_key(place: _Place) -> str:
    if special := _refused(place, place.key):
        return special
    known = sorted(place.owner.model_fields) if place.owner else []
    return f"unknown key; {_suggest(place.key, known)}allowed: {', '.join(known)}"


def _unknown_kind(place: _Place, ctx: dict[str, Any]) -> Problem:
    kinds = [kind for model in _models(place.allowed) for kind in _kinds(model)]
    inside = f"{place.path}.kind"
    if "tag" not in ctx:
        return Problem(inside, f"is missing; it is needed, one of: {', '.join(kinds)}")
    return Problem(inside, _not_one_of(place, ctx["tag"], kinds))


def _not_one_of(place: _Place, value: Any, allowed: list[Any]) -> str:
    if special := _refused(place, str(value)):
        return special
    names = [str(choice) for choice in allowed]
    return f'"{value}" is not known; {_suggest(str(value), names)}allowed: {", ".join(names)}'


def _choices(place: _Place) -> list[Any]:
    return [value for t in place.allowed if get_origin(t) is Literal for value in get_args(t)]


def _suggest(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f"did you mean `{near[0]}`? " if near else ""


def _refused(place: _Place, word: str) -> str | None:
    """Why `word` can't be in a programme at all; None for an ordinary slip."""
    words = set(word.lower().split("_"))
    if words & _SELLING or {"top", "up"} <= words or {"points", "purchase"} <= words:
        return NEVER_SOLD
    if place.section in ("earning", "campaigns", "badges") and words & _RATING:
        return NO_BOUGHT_REVIEWS
    return None


def _bound(node: Any, kind: str, ctx: dict[str, Any]) -> str | None:
    """The bound that was broken, in words; None when it is not about a bound."""
    match kind:
        case "greater_than_equal":
            return f"must be {ctx['ge']:,} or more; it is {node:,}"
        case "greater_than":
            return f"must be more than {ctx['gt']:,}; it is {node:,}"
        case "less_than_equal":
            return f"must be {ctx['le']:,} or less; it is {node:,}"
        case "too_short":
            return f"must have {ctx['min_length']:,} or more; it has {ctx['actual_length']:,}"
        case "too_long":
            return f"must have {ctx['max_length']:,} or fewer; it has {len(node):,}"
        case "string_too_short":
            return f"must have {ctx['min_length']:,} or more characters"
        case "string_too_long":
            had = f"; it has {len(node):,}" if isinstance(node, str) else ""
            return f"must have {ctx['max_length']:,} or fewer characters{had}"
        case "decimal_max_places":
            return f"must have {ctx['decimal_places']} or fewer decimal places; it is {node}"
        case _:
            return None


def _wrong_type(place: _Place, kind: str) -> str | None:
    """What type is wanted, with an example; None when it is not about a type."""
    if kind == "tuple_type" and isinstance(place.node, dict):
        return f"must be a list: write [[{place.path}]] with two brackets for each one"
    if kind in ("model_type", "dict_type"):
        kinds = [kind for model in _models(place.allowed) for kind in _kinds(model)]
        if kinds:
            return f'must be a table, such as {{ kind = "{kinds[0]}", … }}'
        return f"must be one table with: {', '.join(_models(place.allowed)[0].model_fields)}"
    return _WRONG_TYPES.get(kind.split("_")[0])
