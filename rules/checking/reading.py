"""A programme file read: the programme, or all that is wrong with it."""

import json
import tomllib
from dataclasses import dataclass

from pydantic import ValidationError

from ..journeys.programme import WholeProgramme
from .cross_references import dangling
from .schema_errors import Problem, from_validation


@dataclass(frozen=True, slots=True)
class InvalidProgramme:
    """A programme that can't be used, and everything that is wrong with it."""

    problems: tuple[Problem, ...]


def parse(text: str) -> WholeProgramme | InvalidProgramme:
    """The programme written in `text` (TOML), or all its problems, each with its path.

    Values must be of the very type: `quiet_from = 22` is no time, and `points = "10"` no number.
    """
    try:
        data = tomllib.loads(text)
        # By way of JSON, since pydantic's strict mode takes TOML's lists and dates only from there.
        values = json.dumps(data, default=str)
    except (ValueError, RecursionError) as problem:
        return InvalidProgramme((Problem("program.toml", f"is not valid TOML: {problem}"),))
    try:
        programme = WholeProgramme.model_validate_json(values, strict=True)
    except ValidationError as problem:
        return InvalidProgramme(from_validation(problem, data, WholeProgramme))
    problems = dangling(programme)
    return InvalidProgramme(problems) if problems else programme
