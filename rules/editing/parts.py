"""The parts of a programme that have a form each: its sections, and each entry of its lists."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from ..base import leaves
from ..checking.caution import Problem
from ..journeys.kinds import KINDS
from ..journeys.programme import WholeProgramme
from .controls import Control, controls_of, kind_of

_IN_LIST = re.compile(r"(?P<list>[a-z_]+)\[(?P<place>\d+)\](?: \"[^\"]*\")?(?: ?\.(?P<rest>.*))?")
_NAMED_ROW = re.compile(r"\[(\d+)\](?: \"[^\"]*\" ?)?")


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the programme's file (`points`), or an entry of a list (`earning`, by its
    id)."""

    section: str
    id: str = ""


def _listed() -> Iterator[tuple[str, tuple[type[BaseModel], ...]]]:
    for key, field in WholeProgramme.model_fields.items():
        for leaf in leaves(field.annotation):
            if get_origin(leaf) is tuple:
                inside = tuple(leaves(get_args(leaf)[0]))
                yield key, tuple(model for model in inside if issubclass(model, BaseModel))


def _single() -> Iterator[tuple[str, type[BaseModel]]]:
    for key, field in WholeProgramme.model_fields.items():
        for leaf in leaves(field.annotation):
            if isinstance(leaf, type) and issubclass(leaf, BaseModel):
                yield key, leaf


#: The lists, each with the model of its entries; journeys have one for each kind.
LISTS: dict[str, tuple[type[BaseModel], ...]] = dict(_listed()) | {"journeys": KINDS}
#: Of them the one whose entries have a form of another kind: texts.
OWN_WORDS = "words"
#: The sections that stand alone.
SECTIONS: dict[str, type[BaseModel]] = dict(_single())
#: The sections that a programme can do without.
OPTIONAL = frozenset(
    key
    for key, field in WholeProgramme.model_fields.items()
    if key in SECTIONS and field.default is None
)


def model_of(section: str, kind: str = "") -> type[BaseModel] | None:
    """The model of a section, or of a list's entries; `kind`: which of several. None for none."""
    if section in SECTIONS:
        return SECTIONS[section]
    models = LISTS.get(section, ())
    if len(models) == 1:
        return models[0]
    return next((model for model in models if kind_of(model) == kind), None)


def kinds_of(section: str) -> tuple[str, ...]:
    """The kinds of which an entry of that list is one; empty where there is only one."""
    models = LISTS.get(section, ())
    return tuple(map(kind_of, models)) if len(models) > 1 else ()


def controls(section: str, kind: str = "") -> tuple[Control, ...]:
    """What the form of such a part asks. LookupError for no part of a programme."""
    model = model_of(section, kind)
    if model is None:
        raise LookupError(section)
    return controls_of(model)


def id_of(entry: Mapping[str, Any]) -> str:
    """The id of a list's entry: its own, or as a journey that has none, its kind."""
    return str(entry.get("id", entry.get("kind", "")))


def values_of(data: Mapping[str, Any], part: Part) -> Mapping[str, Any] | None:
    """The part's table in a programme's file, read as TOML; None where it isn't there."""
    found = data.get(part.section)
    if part.section in SECTIONS:
        return found if isinstance(found, Mapping) else None
    entries = found if isinstance(found, list) else []
    return next((each for each in entries if id_of(each) == part.id), None)


def mark_of(values: Mapping[str, Any] | None) -> str:
    """Another mark for each other table, so that a form can tell whether it is of what there is
    now; "" for none."""
    if values is None:
        return ""
    said = json.dumps(values, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def parts_in(data: Mapping[str, Any]) -> Iterator[Part]:
    """Every part that a programme's file has, in its order."""
    for section, found in data.items():
        if section in SECTIONS:
            yield Part(section)
        elif section in LISTS and isinstance(found, list):
            yield from (Part(section, id_of(entry)) for entry in found)


def changed_parts(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[Part, Mapping[str, Any] | None]]:
    """Each part that is otherwise in `after`, with what it is there; None for what is gone."""
    for part in dict.fromkeys((*parts_in(before), *parts_in(after))):
        values = values_of(after, part)
        if values != values_of(before, part):
            yield part, values


def sorted_out(
    problems: tuple[Problem, ...], data: Mapping[str, Any], part: Part
) -> tuple[dict[str, Problem], tuple[Problem, ...]]:
    """What is said of fields of `part`, by their names in its form ("" for the part as a whole),
    and what is said of anything else."""
    own: dict[str, Problem] = {}
    others = []
    for problem in problems:
        name = _field_of(problem.path, data, part)
        if name is None:
            others.append(problem)
        else:
            own.setdefault(name, problem)
    return own, tuple(others)


def _field_of(path: str, data: Mapping[str, Any], part: Part) -> str | None:
    """The name of the field that a path of the file names; None for one of another part."""
    if part.section in SECTIONS:
        if path != part.section and not path.startswith(f"{part.section}."):
            return None
        return field_name(path.removeprefix(part.section).removeprefix("."))
    found = _IN_LIST.fullmatch(path)
    if found is None or found["list"] != part.section:
        return None
    entries, place = data.get(part.section), int(found["place"])
    if not isinstance(entries, list) or place >= len(entries):
        return None
    return field_name(found["rest"] or "") if id_of(entries[place]) == part.id else None


def field_name(path: str) -> str:
    """`steps[1] "silver" .at` as the form calls it: `steps.1.at`."""
    return _NAMED_ROW.sub(r".\1", path).replace(" ", "")
