"""What can't be answered is told in the reader's words, on a page or, to a program, as JSON."""

from flask import Flask, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from bot.line.errors import LineError
from bot.passwords import PasswordsBusy
from bot.store import StoreBusy
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


def install(app: Flask) -> None:
    """The same for addresses below /staff that no page has."""
    for status in (404, 405):
        app.register_error_handler(status, _answer_unknown_address)


@pages.errorhandler(CSRFError)
def _answer_token_problem(_error: CSRFError) -> ResponseReturnValue:
    return _refusal_page("csrf", 400)


@pages.errorhandler(KeyReused)
def _answer_reused_key(_error: KeyReused) -> ResponseReturnValue:
    """Somebody went back to a form that was sent, and sent it with something else in it."""
    return _refusal_page("sent_before", 409)


@pages.errorhandler(StoreBusy)
def _answer_busy_store(_error: StoreBusy) -> ResponseReturnValue:
    return _refusal_page("busy", 503)


@pages.errorhandler(PasswordsBusy)
def _answer_busy_door(_error: PasswordsBusy) -> ResponseReturnValue:
    answer = make_response(_refusal_page("busy", 503))
    answer.headers["Retry-After"] = "5"
    return answer


@pages.errorhandler(LineError)
def _answer_line_away(_error: LineError) -> ResponseReturnValue:
    """What needs a word from LINE, as a printed link to the chat does, has to wait for it."""
    return _refusal_page("line_away", 503)


def _answer_status(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 400
    return _refusal_page(_REFUSALS[status], status)


for _status in _REFUSALS:
    pages.register_error_handler(_status, _answer_status)


def _answer_unknown_address(error: HTTPException) -> ResponseReturnValue:
    if not request.path.startswith("/staff/"):
        return lost(error)
    return private(make_response(_answer_status(error)))


def _refusal_page(code: str, status: int) -> ResponseReturnValue:
    if is_api():
        return jsonify(error=code), status
    return layout.page("refused", status=status, no=refusal_here(code))
