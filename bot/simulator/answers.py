"""LINE's answers: JSON bodies, error shape, and reading a JSON request."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from .errors import SimulatorError
from .validate import ErrorBody, request_refusal


class ApiError(SimulatorError):
    """An answer other than success, in LINE's error shape."""

    def __init__(
        self,
        status: int,
        message: str,
        details: tuple[tuple[str, str], ...] = (),
        *,
        extra: Mapping[str, Any] | None = None,
        accepted_request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details
        self.extra = extra or {}
        self.accepted_request_id = accepted_request_id

    @classmethod
    def of(cls, refusal: ErrorBody) -> "ApiError":
        """A 400 that says what is wrong with the request."""
        return cls(400, refusal.message, refusal.details)

    def response(self) -> Response:
        """The answer to send."""
        details = [{"message": message, "property": path} for message, path in self.details]
        body = {"message": self.message, **({"details": details} if details else {}), **self.extra}
        response = answer(body, self.status)
        if self.accepted_request_id is not None:
            response.headers["x-line-accepted-request-id"] = self.accepted_request_id
        return response


def answer(body: Mapping[str, Any], status: int = 200) -> Response:
    """A JSON answer."""
    return Response(json.dumps(body), status=status, content_type="application/json")


def json_body() -> Any:
    """The request's JSON; ApiError 415 for another content type, 400 if it can't be parsed."""
    if request.mimetype != "application/json":
        raise ApiError(415, f"The content type, {request.mimetype}, is not supported")
    try:
        return json.loads(request.get_data())
    except json.JSONDecodeError as error:
        place = f"(line: {error.lineno}, column: {error.colno})"
    except (UnicodeDecodeError, RecursionError):
        place = "(line: 1, column: 1)"
    raise ApiError(400, f"The request body could not be parsed as JSON {place}")


def refuse_if(name: str, body: Any, *, http_origin: str | None) -> None:
    """Raises the ApiError that LINE would answer to `body` as the request `name`."""
    refusal = request_refusal(name, body, http_origin=http_origin)
    if refusal is not None:
        raise ApiError.of(refusal)
