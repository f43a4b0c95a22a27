"""Problems of a programme: where in the file, and what would be allowed there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from ..base import Impossible, LocalText, leaves
from .caution import Problem
from .key_homes import homes_of

#: Words of who tries to sell points. Points given without payment are no 前払式支払手段; sold ones
#: are (資金決済に関する法律 第3条第1項: 対価を得て発行される), with all its duties.
_SELLING = {
    "price", "sell", "sells", "sold", "sale", "buy", "bought", "cash", "charge", "deposit",
    "pay", "paid", "prepaid", "topup",
}  # fmt: skip
#: Words of who would hang a review's points on stars or on a review site. A review that was paid
#: for and does not say so is an unfair representation (景品表示法 第5条第3号, 令和5年内閣府告示
#: 第19号: ステマ規制), and the sites forbid it (Google Maps policy on fake engagement: no
#: incentives).
_RATING = {
    "platform", "star", "stars", "score", "scores", "rating", "ratings", "google", "gmap",
    "tabelog", "hotpepper", "tripadvisor", "yelp", "site",
}  # fmt: skip

#: What a pattern asks for: a code of the texts.
PATTERNS = {
    r"^[a-z][a-z0-9_]{0,39}$": "pattern_id",
    r"^[a-z][a-z0-9_]{0,31}$": "pattern_id",
    r"^[a-z0-9][a-z0-9_]{0,39}$": "pattern_id",
    r"^#[0-9A-Fa-f]{6}$": "pattern_colour",
    r"^[A-Z]{2}$": "pattern_country",
    r"^2[0-9]$": "pattern_prefix",
    r"^[0-9a-fA-F]{10}$": "pattern_beacon",
    r"^\d\d-\d\d$": "pattern_day",
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}\.png$": "pattern_png",
    r"^https://[!-~]{1,500}$": "pattern_https",
    r"^\+?[0-9][0-9() -]{3,28}[0-9]$": "pattern_phone",
}

_WRONG_TYPES = {
    "int": "type_int",
    "decimal": "type_number",
    "finite": "type_number",
    "float": "type_number",
    "string": "type_text",
    "bool": "type_bool",
    "date": "type_date",
    "time": "type_time",
    "tuple": "type_list",
}
#: Keys that nearly every table has: nobody means another table by them.
_EVERYWHERE = {"id", "name", "kind", "ja", "en", "on", "points", "count", "at", "days", "months"}
#: A key that belongs to more places than these is not told where.
_HOMES_MAX = 3


def listed(names: Iterable[str]) -> str | LocalText:
    """Names in a row; that there is none, in words."""
    return ", ".join(names) or LocalText(ja="まだひとつもありません", en="none is defined")


def part_path(section: str, place: int, part_id: str, *keys: str) -> str:
    """The path of a part that has an id, or of something in it: `stores[0] "main" .beacons`."""
    inside = "".join(f".{key}" for key in keys)
    return f'{section}[{place}] "{part_id}"' + (f" {inside}" if inside else "")


def from_validation(
    error: ValidationError, data: dict[str, Any], root: type[BaseModel]
) -> tuple[Problem, ...]:
    """Pydantic's errors about `data` as problems, each once, with the paths of the file."""
    found: list[Problem] = []
    for detail in error.errors(include_url=False):
        place = _find(detail["loc"], data, root)
        if _is_only_of_wrong_ones(place, detail["type"], detail.get("ctx", {})):
            continue
        problem = _problem(place, detail["type"], detail.get("ctx", {}), detail["msg"])
        if problem not in found:
            found.append(problem)
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
        leaf for t in place.allowed if get_origin(t) is tuple for leaf in leaves(get_args(t)[0])
    )
    name = node.get("id") if isinstance(node, dict) else None
    label = f' "{name[:40]}"' if isinstance(name, str) else ""
    path = f"{place.path}[{part}]{label}"
    return _Place(path, allowed, node, place.owner, place.key, place.section)


def _into_table(place: _Place, model: type[BaseModel], key: str) -> _Place:
    node = place.node.get(key) if isinstance(place.node, dict) else None
    field = model.model_fields.get(key)
    allowed = tuple(leaves(field.annotation)) if field else ()
    gap = " " if place.path.endswith('"') else ""
    path = f"{place.path}{gap}.{key}" if place.path else key
    return _Place(path, allowed, node, model, key, place.section)


def _models(allowed: tuple[Any, ...]) -> list[type[BaseModel]]:
    return [t for t in allowed if isinstance(t, type) and issubclass(t, BaseModel)]


def _kinds(model: type[BaseModel]) -> tuple[str, ...]:
    field = model.model_fields.get("kind")
    return get_args(field.annotation) if field else ()


def _problem(place: _Place, kind: str, ctx: dict[str, Any], said: str) -> Problem:
    match kind:
        case "extra_forbidden":
            return _unknown_key(place)
        case "union_tag_invalid" | "union_tag_not_found":
            return _unknown_kind(place, ctx)
        case "literal_error":
            return _not_one_of(place, place.path, place.node, _choices(place))
        case "missing":
            return Problem(place.path, "missing")
        case "value_error":
            return _impossible(place.path or "program.toml", ctx["error"])
        case "string_pattern_mismatch":
            code = PATTERNS.get(ctx["pattern"], "not_so")
            return Problem(place.path, code, {"said": ctx["pattern"]} if code == "not_so" else {})
        case _:
            found = _bound(place, kind, ctx) or _wrong_type(place, kind)
            return found or Problem(place.path, "not_so", {"said": said})


def _impossible(path: str, error: ValueError) -> Problem:
    if isinstance(error, Impossible):
        return Problem(path, error.code, error.values)
    return Problem(path, "not_so", {"said": str(error)})


def _unknown_key(place: _Place) -> Problem:
    if special := _refused(place, place.key):
        return Problem(place.path, special)
    known = sorted(place.owner.model_fields) if place.owner else []
    values: dict[str, Any] = {"allowed": ", ".join(known)}
    if near := get_close_matches(place.key, known, n=1, cutoff=0.8):
        return Problem(place.path, "unknown_key_near", {**values, "near": near[0]})
    homes = _other_homes(place)
    if 0 < len(homes) <= _HOMES_MAX:
        values = {"word": place.key, "homes": LocalText(ja="、".join(homes), en=" or ".join(homes))}
        return Problem(place.path, "misplaced_key", values)
    if near := get_close_matches(place.key, known, n=1):
        return Problem(place.path, "unknown_key_near", {**values, "near": near[0]})
    return Problem(place.path, "unknown_key", values)


def _other_homes(place: _Place) -> tuple[str, ...]:
    """The tables that `place`'s key belongs to; none where another kind of its own table has it."""
    homes = () if place.key in _EVERYWHERE else homes_of(place.key)
    own = re.sub(r'\[\d+\]| "[^"]*" ?', "", place.path).rpartition(".")[0]
    return () if own in (home.strip("[]") for home in homes) else homes


def _unknown_kind(place: _Place, ctx: dict[str, Any]) -> Problem:
    kinds = [kind for model in _models(place.allowed) for kind in _kinds(model)]
    inside = f"{place.path}.kind"
    if "tag" not in ctx:
        return Problem(inside, "kind_missing", {"kinds": ", ".join(kinds)})
    return _not_one_of(place, inside, ctx["tag"], kinds)


def _not_one_of(place: _Place, path: str, value: Any, allowed: list[Any]) -> Problem:
    if special := _refused(place, str(value)):
        return Problem(path, special)
    names = [str(choice) for choice in allowed]
    values = {"value": str(value), "allowed": ", ".join(names)}
    if near := get_close_matches(str(value), names, n=1):
        return Problem(path, "not_known_near", {**values, "near": near[0]})
    return Problem(path, "not_known", values)


def _choices(place: _Place) -> list[Any]:
    return [value for t in place.allowed if get_origin(t) is Literal for value in get_args(t)]


def _refused(place: _Place, word: str) -> str | None:
    """Why `word` can't be in a programme at all, as a text's code; None for an ordinary slip."""
    words = set(word.lower().split("_"))
    if words & _SELLING or {"top", "up"} <= words or {"points", "purchase"} <= words:
        return "never_sold"
    if place.section in ("earning", "campaigns", "badges") and words & _RATING:
        return "no_bought_reviews"
    return None


def _is_only_of_wrong_ones(place: _Place, kind: str, ctx: dict[str, Any]) -> bool:
    """Whether a list is called too short because something is wrong in one that stands in it: that
    is told where it is."""
    of_list = kind == "too_short" and isinstance(place.node, list)
    return of_list and len(place.node) >= ctx["min_length"]


def _bound(place: _Place, kind: str, ctx: dict[str, Any]) -> Problem | None:
    """The bound that was broken; None when it is not about a bound."""
    node = place.node
    had = len(node) if isinstance(node, str | list) else ctx.get("actual_length", 0)
    bounds: dict[str, tuple[str, str, Any]] = {
        "greater_than_equal": ("at_least", "ge", node),
        "greater_than": ("more_than", "gt", node),
        "less_than_equal": ("at_most", "le", node),
        "too_short": ("too_few", "min_length", had),
        "too_long": ("too_many", "max_length", had),
        "string_too_short": ("text_short", "min_length", had),
        "string_too_long": ("text_long", "max_length", had),
        "decimal_max_places": ("places", "decimal_places", node),
    }
    if kind not in bounds:
        return None
    code, limit, it = bounds[kind]
    # As many digits as were written: a limit on them is what was broken.
    shown = it if isinstance(it, int) else str(it)
    return Problem(place.path, code, {"bound": ctx[limit], "it": shown})


def _wrong_type(place: _Place, kind: str) -> Problem | None:
    """What type is wanted, with an example; None when it is not about a type."""
    if kind == "tuple_type" and isinstance(place.node, dict):
        return Problem(place.path, "double_brackets", {"section": f"[[{place.path}]]"})
    if kind in ("model_type", "dict_type"):
        models = _models(place.allowed)
        kinds = [kind for model in models for kind in _kinds(model)]
        if kinds:
            return Problem(place.path, "type_table", {"kind": f'{{ kind = "{kinds[0]}", … }}'})
        return Problem(place.path, "one_table", {"keys": ", ".join(models[0].model_fields)})
    code = _WRONG_TYPES.get(kind.split("_")[0])
    return Problem(place.path, code) if code else None
