"""A broadcast in a form, and said back in words."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from ..broadcasts.broadcast import Broadcast, Whom
from ..checking.caution import Problem
from ..checking.schema_errors import from_validation
from ..wording.texts import long_date
from ..wording.words import Words
from .controls import AnyOptions, Control, Day, OneOption, controls_of
from .labels import in_words, label, options

#: What comes of a filter with a name is chosen among those there are.
_SEGMENT = ("segment", "segment_then", "first_then")
#: What its form asks, and that of a filter.
CONTROLS: tuple[Control, ...] = tuple(
    each for each in controls_of(Broadcast) if each.key not in _SEGMENT
)
FILTER: tuple[Control, ...] = controls_of(Whom)


def read_broadcast(values: Mapping[str, Any]) -> Broadcast | tuple[Problem, ...]:
    """The broadcast that a form says, or all that is wrong with it."""
    data = json.loads(json.dumps(values, default=str))
    try:
        return Broadcast.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as wrong:
        return from_validation(wrong, data, Broadcast)


def read_whom(values: Mapping[str, Any]) -> Whom | tuple[Problem, ...]:
    """The same of a filter."""
    data = json.loads(json.dumps(values, default=str))
    try:
        return Whom.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as wrong:
        return from_validation(wrong, data, Whom)


def values_of(written: Broadcast | Whom) -> dict[str, Any]:
    """What stands in its form."""
    return written.model_dump(mode="json", exclude_defaults=True)


def by_field(words: Words, problems: tuple[Problem, ...]) -> dict[str, str]:
    """What is said of each field, by its name in the form ("" for the whole)."""
    found: dict[str, str] = {}
    for problem in problems:
        name = problem.path.replace("[", ".").replace("]", "")
        if name.endswith((".ja", ".en")):
            name = name[:-3]
        found.setdefault(name, in_words(words, problem.message(words.lang)))
    return found


def whom_in_words(words: Words, whom: Whom) -> Iterator[str]:
    """Who it is for, a line for each thing that is asked; none for everybody."""
    for control in FILTER:
        value = getattr(whom, control.key)
        if not value:
            continue
        if isinstance(control, AnyOptions):
            names = dict(options(words, control))
            said = words.listed(names.get(str(each), str(each)) for each in value)
        elif isinstance(control, OneOption):
            said = dict(options(words, control)).get(str(value), str(value))
        elif isinstance(control, Day):
            said = long_date(words.lang, value)
        else:
            said = str(value)
        yield words.say("owner.broadcasts.asked", what=label(words, control), said=said)
