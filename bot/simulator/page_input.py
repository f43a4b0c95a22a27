"""Reading what the page sends, and refusing it with a sentence for the person who sees it."""

from collections.abc import Mapping
from typing import Any

from flask import request

from .errors import PageRefusal

Body = Mapping[str, Any]


def json_object() -> Body:
    """The request's JSON object; PageRefusal for anything else."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise PageRefusal("JSON")
    return body


def text_of(body: Body, name: str, *, most: int) -> str:
    """A string of 1 to `most` characters from a request; PageRefusal otherwise."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise PageRefusal(f"{name}: 1〜{most}文字で入力してください。")
    # Half a character (a lone surrogate) can be written in JSON and nowhere else.
    return value.encode(errors="replace").decode()


def optional_text(body: Body, name: str, *, most: int) -> str | None:
    """As `text_of`, or None if it was left out."""
    return None if body.get(name) is None else text_of(body, name, most=most)


def whole_number(value: object, *, least: int, most: int) -> int | None:
    """A whole number within bounds, both included; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if least <= value <= most else None
