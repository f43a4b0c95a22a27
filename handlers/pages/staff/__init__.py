"""The staff's pages, all below /staff: one blueprint, to which each file adds its routes.

All of them are behind one guard: a POST needs the page's CSRF token (field `csrf_token`, or header
`X-CSRFToken`), and every answer has the same strict headers.
"""

import ipaddress
from functools import partial

from flask import Blueprint, Flask, Response, abort, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from bot.store import StoreBusy
from bot.store.history.claims import KeyReused
from handlers.club import Club

from ..headers import safe
from .counter import flags, json_answers, scan_page, scanning, slips, today, undoing
from .counter.scan_requests import BYTES_MAX
from .frame import access, choices, home, layout, login, shell
from .frame.words import refusal_here
from .members import calls, cards, letters, member_acts, member_sms, members, printing
from .team import account, devices, join, log, tap, team

#: What is below /staff for those who are signed in, but for the doors.
_PARTS = (
    scan_page,
    choices,
    home,
    scanning,
    undoing,
    today,
    letters,
    calls,
    members,
    member_acts,
    member_sms,
    cards,
    printing,
    slips,
    account,
    team,
    devices,
    flags,
    log,
)

#: Twice what the longest queue needs, which is told in its own words when it is too long.
_BODY_BYTES_MAX = 2 * BYTES_MAX

#: The refusal that each status is answered with.
_SAID = {
    400: "form_unreadable",
    401: "signed_out",
    403: "not_allowed",
    404: "not_found",
    405: "not_found",
    413: "too_large",
    429: "too_often",
}

#: What a column of ids can hold.
_ID_MAX = (1 << 63) - 1

#: What is the same for everybody, and says itself how long it may be kept.
_KEPT_BY_BROWSERS = {"staff.static", "staff.file", "staff.icon", "staff.colours"}


def install(app: Flask, club: Club, *, proxies: int = 0) -> None:
    """Gives `app` the staff's pages. `proxies`: how many stand in front and tell whom they speak
    for."""
    access.install(app, club)
    limiter = Limiter(partial(_address, proxies), storage_uri="memory://", strategy="fixed-window")
    limiter.init_app(app)
    csrf = CSRFProtect()
    # Each request of ours is checked below; those of machines (webhook, simulator) are not forms.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    # The cookie's __Host- name does what a look at the Referer would, and no proxy can spoil it.
    app.config.update(WTF_CSRF_SSL_STRICT=False)
    csrf.init_app(app)
    app.register_blueprint(_blueprint(club, csrf, limiter))
    for status in (404, 405):
        app.register_error_handler(status, _nowhere)


def _blueprint(club: Club, csrf: CSRFProtect, limiter: Limiter) -> Blueprint:
    pages = Blueprint(
        "staff",
        __name__,
        url_prefix="/staff",
        template_folder="../templates",
        static_folder="../static/staff",
        static_url_path="/static",
    )
    pages.before_request(_askable)
    pages.before_request(csrf.protect)
    pages.after_request(_safe)
    _add_errors(pages)
    json_answers.add_errors(pages)
    shell.routes(pages)
    # Who isn't signed in yet can try these: so often and no more.
    for door in (login, tap, join):
        door.routes(pages, club, limiter)
    for part in _PARTS:
        part.routes(pages, club)
    return pages


def _add_errors(pages: Blueprint) -> None:
    @pages.errorhandler(CSRFError)
    def stale(_error: CSRFError) -> ResponseReturnValue:
        return _refused("csrf", 400)

    @pages.errorhandler(KeyReused)
    def sent_before(_error: KeyReused) -> ResponseReturnValue:
        """Somebody went back to a form that was sent, and sent it with something else in it."""
        return _refused("sent_before", 409)

    @pages.errorhandler(StoreBusy)
    def busy(_error: StoreBusy) -> ResponseReturnValue:
        return _refused("busy", 503)

    for status in _SAID:
        pages.register_error_handler(status, _told)


def _told(error: HTTPException) -> ResponseReturnValue:
    """The page for what can't be answered."""
    status = error.code or 400
    return _refused(_SAID[status], status)


def _nowhere(error: HTTPException) -> ResponseReturnValue:
    """The same for addresses that no page has, which belong to nobody else either."""
    if not request.path.startswith("/staff/"):
        return error
    return _safe(make_response(_told(error)))


def _askable() -> None:
    """404 for an address that names what no database can hold: it leads nowhere. And no more is
    read of a form than a form can hold, whoever sends it."""
    request.max_content_length = _BODY_BYTES_MAX
    named = (*(request.view_args or {}).values(), *request.args.values())
    if any("\0" in part if isinstance(part, str) else part > _ID_MAX for part in named):
        abort(404)


def _refused(code: str, status: int) -> ResponseReturnValue:
    if access.is_api():
        return jsonify(error=code), status
    return layout.page("refused", status=status, no=refusal_here(code))


def _safe(answer: Response) -> Response:
    """With the headers of a private page. A view may set its own way to be kept."""
    return safe(answer, "staff_file" if request.endpoint in _KEPT_BY_BROWSERS else "staff")


def _address(proxies: int) -> str:
    """Who asks, for counting: in IPv6 one customer of a provider has a whole /64."""
    given = _asking(proxies)
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return given
    return str(ipaddress.ip_network((address, 64), strict=False))


def _asking(proxies: int) -> str:
    """The address that the outermost of our proxies saw; what stands before it, anybody can say."""
    told = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    if proxies and len(told) >= proxies:
        return told[-proxies].strip()
    return request.remote_addr or ""
