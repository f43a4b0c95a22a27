"""An issue of the newsletter in a form."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from itertools import count
from typing import Any

from pydantic import ValidationError

from ..checking.caution import Problem
from ..checking.schema_errors import from_validation
from ..programme.newsletter import Issue
from .controls import Control, controls_of

#: What its form asks; its picture is a file beside them.
CONTROLS: tuple[Control, ...] = tuple(c for c in controls_of(Issue) if c.key != "picture")


def read_issue_form(values: Mapping[str, Any], issue_id: str) -> Issue | tuple[Problem, ...]:
    """The issue that a form says, or all that is wrong with it."""
    data = json.loads(json.dumps({"id": issue_id, **values}, default=str))
    try:
        return Issue.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as wrong:
        return from_validation(wrong, data, Issue)


def issue_values(issue: Issue) -> dict[str, Any]:
    """What stands in its form."""
    return issue.model_dump(mode="json", exclude_defaults=True, exclude={"id", "picture"})


def new_issue_id(day: date, taken: Collection[str]) -> str:
    """Of the month, and with a number where that has one: "2026-12", "2026-12-2"."""
    month = f"{day:%Y-%m}"
    names = (month if n == 1 else f"{month}-{n}" for n in count(1))
    return next(each for each in names if each not in taken)
