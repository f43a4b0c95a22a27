"""Where a key belongs that somebody wrote into the wrong table: TOML puts whatever stands below a
heading into it."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from ..base import LocalText, leaves
from ..journeys.programme import WholeProgramme


def homes_of(key: str) -> tuple[str, ...]:
    """The tables that know `key`, as headings of the file."""
    return _homes().get(key, ())


@cache
def _homes() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for heading, model in _tables(WholeProgramme, ""):
        for key in model.model_fields:
            found.setdefault(key, {})[heading] = None
    for key, field in WholeProgramme.model_fields.items():
        for heading, _ in _parts(field.annotation, key):
            # A whole section that stands below another's heading.
            found.setdefault(key, {})[heading] = None
    return {key: tuple(headings) for key, headings in found.items()}


def _tables(model: type[BaseModel], path: str) -> Iterator[tuple[str, type[BaseModel]]]:
    """Every table below `model`, with its heading."""
    for key, field in model.model_fields.items():
        for heading, inner in _parts(field.annotation, f"{path}.{key}" if path else key):
            yield heading, inner
            yield from _tables(inner, heading.strip("[]"))


def _parts(annotation: Any, path: str) -> Iterator[tuple[str, type[BaseModel]]]:
    for leaf in leaves(annotation):
        if get_origin(leaf) is tuple:
            heading, inside = f"[[{path}]]", tuple(leaves(get_args(leaf)[0]))
        else:
            heading, inside = f"[{path}]", (leaf,)
        for each in inside:
            if isinstance(each, type) and issubclass(each, BaseModel) and each is not LocalText:
                yield heading, each
