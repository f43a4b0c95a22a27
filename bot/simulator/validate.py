"""Whole requests against the tables of `kinds.py`, and LINE's way of saying what is wrong.

LINE words three cases differently:
- a value of the wrong type or form: "The property, 'to', in the request body is invalid (…)";
- inside a Flex container: "A message (messages[0]) in the request body is invalid", with JSON
  pointers counted from the container ("/body/contents/0/text");
- anything else: "The request body has 2 error(s)", with paths like "messages[0].text".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .checks import WRONG_TYPE, Path, Report, check_fields
from .kinds import REQUESTS


@dataclass(frozen=True)
class ErrorBody:
    """The body of a 400: LINE's message and details."""

    message: str
    details: tuple[tuple[str, str], ...] = ()  # (message, property)


def request_refusal(name: str, body: Any, *, http_origin: str | None) -> ErrorBody | None:
    """Why LINE would refuse `body` as the request `name` of REQUESTS, or None if it wouldn't.

    `http_origin`: the plain-http origin (this simulator's own, on loopback) whose pictures are
    accepted, or None.
    """
    if not isinstance(body, dict):
        return ErrorBody("The request body could not be parsed as JSON (line: 1, column: 1)")
    report = Report(http_origin)
    try:
        check_fields(body, REQUESTS[name], (), report)
    except RecursionError:
        return ErrorBody("The request body is nested too deeply")
    return _refusal(body, report) if report.problems else None


def _refusal(body: Mapping[str, Any], report: Report) -> ErrorBody:
    outside = [(p, m) for p, m in report.problems if not _in_flex(body, p)]
    if not outside:
        return _flex_refusal(report)
    for path, message in outside:
        if message == WRONG_TYPE:
            return _invalid_property(path)
    return ErrorBody(
        f"The request body has {len(outside)} error(s)",
        tuple((message, dotted(path)) for path, message in outside),
    )


def _invalid_property(path: Path) -> ErrorBody:
    return ErrorBody(
        f"The property, '{dotted(path)}', in the request body is invalid (line: -, column: -)"
    )


def _flex_refusal(report: Report) -> ErrorBody:
    index = report.problems[0][0][1]
    return ErrorBody(
        f"A message (messages[{index}]) in the request body is invalid",
        tuple((m, _pointer(p[3:])) for p, m in report.problems if p[1] == index),
    )


def _in_flex(body: Mapping[str, Any], path: Path) -> bool:
    if len(path) < 3 or path[0] != "messages" or path[2] != "contents":
        return False
    message = body["messages"][path[1]]
    return isinstance(message, dict) and message.get("type") == "flex"


def _pointer(path: Path) -> str:
    return "/" + "/".join(str(part) for part in path)


def dotted(path: Path) -> str:
    """A path as LINE writes it outside Flex: "messages[0].text"."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
