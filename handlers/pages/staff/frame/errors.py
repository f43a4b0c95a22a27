"""What can't be answered is told in the reader's words, on a page or, to a program, as JSON."""

from functools import partial

from flask import Blueprint, Flask, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from bot.line.errors import LineError
from bot.passwords import PasswordsBusy
from bot.store import StoreBusy, StoreFull
from bot.store.history.claims import KeyReused

from ...lost import lost
from . import layout
from .access import is_api
from .blueprint import pages, private
from .words import refusal_here

#: The refusal that each status is answered with.
_REFUSALS = {
    400: "form_unreadable",
    401: "signed_out",
    403: "not_allowed",
    404: "not_found",
    405: "not_found",
    413: "too_large",
    429: "too_often",
}

#: And each exception, with its status. A key is used again by somebody who went back to a form that
#: was sent, and sent it with something else in it; what needs a word from LINE has to wait for it.
_PROBLEMS: dict[type[Exception], tuple[str, int]] = {
    CSRFError: ("csrf", 400),
    KeyReused: ("sent_before", 409),
    StoreBusy: ("busy", 503),
    StoreFull: ("full", 503),
    PasswordsBusy: ("busy", 503),
    LineError: ("line_away", 503),
}


def install(app: Flask) -> None:
    """The same for addresses below /staff and /owner that no page has."""
    for status in (404, 405):
        app.register_error_handler(status, _answer_unknown_address)


def answer_on(blueprint: Blueprint) -> None:
    """Has what can't be answered on the pages of `blueprint` told in the reader's words."""
    for problem, (code, status) in _PROBLEMS.items():
        blueprint.register_error_handler(problem, partial(_answer_problem, code, status))
    for each in _REFUSALS:
        blueprint.register_error_handler(each, _answer_status)


def _answer_problem(code: str, status: int, _error: Exception) -> ResponseReturnValue:
    answer = make_response(_refusal_page(code, status))
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _answer_status(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 400
    return _refusal_page(_REFUSALS[status], status)


answer_on(pages)


def _answer_unknown_address(error: HTTPException) -> ResponseReturnValue:
    if not request.path.startswith(("/staff/", "/owner/")):
        return lost(error)
    return private(make_response(_answer_status(error)))


def _refusal_page(code: str, status: int) -> ResponseReturnValue:
    if is_api():
        return jsonify(error=code), status
    return layout.page("refused", status=status, no=refusal_here(code))
