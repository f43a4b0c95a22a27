"""The card in a LINE MINI App: LINE says who opened it, and lends what its browser can do.

The page sends LINE's ID token once; LINE tells us whose it is, and a session of our own goes on
from there. What else the page says of who it is counts for nothing.
"""

from collections.abc import Callable
from typing import ParamSpec
from urllib.parse import unquote

import structlog
from flask import Flask, Response, jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter

from bot.line.errors import LineUnavailable
from bot.line.mini_app import IdTokenRefused
from bot.store.members import line_accounts
from handlers.actions.counter.check_in import check_in
from handlers.actions.members.card_numbers import referral_code
from handlers.actions.recording.record import Request
from handlers.showing.viewer import Viewer
from rules.activity import Visit
from rules.wording.refusals import Circumstances, refusal_text

from ..current import current_club
from ..headers import safe
from ..networks import customer, site
from .reader import pages
from .session import begin_session, cards_of, member_page, session_of

P = ParamSpec("P")
log = structlog.get_logger("mini_app")

#: Members share a telephone company's address; whoever guesses tokens asks LINE in vain anyway.
_TRIES = "30 per minute;300 per hour"
#: For all of one site, however many customers a proxy that nobody named says it has (`networks`).
_TRIES_TOGETHER = "300 per minute;3000 per hour"
_BODY_BYTES_MAX = 8_000
_limiter = Limiter(customer, storage_uri="memory://", strategy="fixed-window")


def install(app: Flask) -> None:
    _limiter.init_app(app)


def _limited(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    # The inner one is asked first: what it refuses is not counted with the neighbours'.
    each = _limiter.limit(_TRIES)(view)
    together: Callable[P, ResponseReturnValue] = _limiter.limit(_TRIES_TOGETHER, key_func=site)(
        each
    )
    return together


@pages.post("/card/session")
@_limited
def session() -> Response:
    """Begins the session of whoever LINE says opened the page."""
    answer = _begin()
    return safe(answer, "card")


def _begin() -> Response:
    app = current_club().mini_app
    if app is None or not _is_our_page():
        return _no("not_here", 404)
    try:
        user_id = app.user_of(_said("id_token"))
    except IdTokenRefused:
        return _no("id_token", 401)
    except LineUnavailable as problem:
        log.warning("line_login_unavailable", kind=type(problem).__name__)
        return _no("line_away", 503)
    with current_club().store.read() as uow:
        cards = cards_of(uow, user_id)
        account = line_accounts.get(uow, user_id)
        spoken_of = account.member_id if account else None
        first = next((card for card in cards if card.id == spoken_of), cards[0] if cards else None)
        begun = session_of(uow, user_id, first.number, first.issue) if first else None
    if begun is None:
        return _no("no_card", 404)
    answer = jsonify(url=url_for("card.card"))
    begin_session(answer, begun)
    return answer


@pages.post("/card/check-in")
@member_page
def check_in_by_scan(viewer: Viewer) -> Response:
    """A visit by the counter's QR, which LINE's camera read: as if its text were sent."""
    words, club = viewer.words, current_club()
    *_, code = unquote(_said("code")).split() or [""]
    policy = viewer.programme.visits
    hit = club.codes.check_counter(
        code,
        [store.id for store in viewer.programme.stores],
        now=club.now(),
        minutes=policy.counter_code_minutes,
    )
    no = "counter_off" if not policy.counter_qr else f"counter_{hit}" if hit in _NO_HIT else ""
    again_at = None
    if not no and not isinstance(hit, str):
        with club.work("member", key=f"card page:{viewer.member.id}:{code}") as work:
            # The page shows what it brought.
            work.answered.add(viewer.member.id)
            wish = Request(viewer.member.id, Visit("counter_qr"), work.now, hit.store)
            outcome = check_in(work, wish)
        no, again_at = outcome.refused or "", outcome.again_at
    if not no:
        return jsonify(done=True)
    about = Circumstances(now=club.now(), again_at=again_at)
    return make_response(jsonify(said=refusal_text(words, no, "member", about).whole), 422)


_NO_HIT = ("expired", "unknown")


@pages.get("/card/invitation")
@member_page
def invitation(viewer: Viewer) -> Response:
    """The invitation to friends, as LINE's picker sends it."""
    club, words = current_club(), viewer.words
    with club.work("member") as work:
        code = referral_code(work.uow, viewer.member.id)
    link = club.chat_link(words.say("chat.referral.message", code=code, shop=viewer.shop))
    text = words.say("chat.referral.invitation", link=link, shop=viewer.shop)
    return jsonify(messages=[{"type": "text", "text": text}])


def _is_our_page() -> bool:
    """Whether a page of ours sends it: another's form can't send JSON, and browsers say from where
    a script does (Fetch Metadata, "Sec-Fetch-Site"; older ones in Origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "")
    ours = (f"{request.scheme}://{request.host}", current_club().base_url)
    is_own = site == "same-origin" if site else origin in ours
    return request.is_json and is_own


def _said(name: str) -> str:
    """A text of the JSON that was sent; empty for none."""
    request.max_content_length = _BODY_BYTES_MAX
    said = request.get_json(silent=True)
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, str) else ""


def _no(code: str, status: int) -> Response:
    return make_response(jsonify(error=code), status)
