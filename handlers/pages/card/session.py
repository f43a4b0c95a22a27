"""A member's session at `/card`: a signed cookie that says which cards this browser may show.

It lasts for a year after it was last used, and ends before where its card was issued anew, moved to
another LINE account, merged, erased, or its member left. Nothing of it is in the database: what it
says is asked for with each request.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from secrets import token_urlsafe
from typing import Concatenate, Literal, ParamSpec

from flask import Response, abort, g, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from bot.store import UnitOfWork
from bot.store.members import line_accounts, members
from bot.store.members.members import Member
from handlers.showing.card_links import CARD_HOURS
from handlers.showing.viewer import Viewer

from ..cookies import cookie_of, drop_cookie, keep_cookie
from ..current import current_club
from ..headers import safe
from .reader import end_page, enter_page, reader_of, stands

P = ParamSpec("P")
_MemberView = Callable[Concatenate[Viewer, P], ResponseReturnValue]

_COOKIE, _PURPOSE, _FORM, _OUTSIDE = "kayoi_card", "card session", "card form", "card outside"
#: By what a browser is known again, whoever's card it shows: of two members who open theirs in one
#: the staff may want to know when one brings the other.
_BROWSER = "kayoi_browser"
#: A year by the wall clock.
_SESSION = timedelta(days=365)
#: How old the cookie becomes before it is made anew.
_ROLLS_AFTER = timedelta(days=1)
#: Nobody has more cards; a cookie holds no more than some thousand letters.
CARDS_MAX = 20

#: Why a browser may show no card: there is no session, it is over, or its member left.
NoCard = Literal["card_signed_out", "card_over", "left"]


@dataclass(frozen=True, slots=True)
class CardSession:
    """Which cards a browser may show. Each is named by its number and the issue that counted when
    it came in; the first is the one that is shown."""

    #: The LINE account that holds them; empty where a card is on none.
    account: str
    cards: tuple[tuple[str, int], ...]

    @property
    def number(self) -> str:
        return self.cards[0][0]

    @property
    def issue(self) -> int:
        return self.cards[0][1]

    def __str__(self) -> str:
        return " ".join([self.account, *(f"{number}:{issue}" for number, issue in self.cards)])


def session_of(uow: UnitOfWork, account: str, number: str, issue: int) -> CardSession:
    """A session that shows that card, and may show the account's others."""
    others = [card for card in cards_of(uow, account) if card.number != number]
    known = [(card.number, card.issue) for card in others]
    return CardSession(account, ((number, issue), *known)[:CARDS_MAX])


def cards_of(uow: UnitOfWork, account: str) -> list[Member]:
    """The cards that a LINE account holds, or whose chat it shares."""
    if not account:
        return []
    known = line_accounts.get(uow, account)
    shared = known.member_id if known else None
    ids = dict.fromkeys([*members.cards(uow, account), *([shared] if shared else [])])
    found = [members.get(uow, member_id) for member_id in ids]
    return [card for card in found if card is not None and stands(card)]


def chosen(uow: UnitOfWork, session: CardSession, number: str) -> CardSession | None:
    """The session when that one of its account's cards is shown; None if it is none of them. A card
    whose issue changed since it came in is not let in again."""
    card = next((each for each in cards_of(uow, session.account) if each.number == number), None)
    if card is None:
        return None
    issue = dict(session.cards).get(number, card.issue)
    others = [each for each in session.cards if each[0] != number]
    return replace(session, cards=((number, issue), *others)[:CARDS_MAX])


def current_session() -> CardSession | None:
    """The session of this browser, whether or not its card still counts."""
    codes = current_club().codes
    known = codes.unsign_aged(_PURPOSE, cookie_of(_COOKIE), round(_SESSION.total_seconds()))
    said = codes.unseal(_PURPOSE, known[0]) if known else None
    if known is None or said is None:
        return None
    g.card_session_is_old = known[1] > _ROLLS_AFTER
    return _read(said)


def begin_session(answer: AnyResponse, session: CardSession) -> None:
    """Begins the session in this browser; whoever opens it looks at their card."""
    club = current_club()
    browser = cookie_of(_BROWSER) or token_urlsafe(24)
    mark = sha256(browser.encode()).hexdigest()
    with club.store.read() as uow:
        known = line_accounts.get(uow, session.account)
    if known is not None and (known.looked_at is None or known.browser != mark):
        with club.store.begin() as uow:
            line_accounts.note_look(uow, known.user_id, browser=mark, at=club.now())
    keep_cookie(answer, _BROWSER, browser, samesite="Lax")
    keep_session(answer, session)


def keep_session(answer: AnyResponse, session: CardSession) -> None:
    """Has the session last a year from now on."""
    token = current_club().codes.sign(_PURPOSE, _sealed(session))
    keep_cookie(answer, _COOKIE, token, seconds=round(_SESSION.total_seconds()), samesite="Lax")


def end_session(answer: AnyResponse) -> None:
    drop_cookie(answer, _COOKIE)


def viewer_here() -> Viewer | NoCard:
    """Who looks at the pages in this browser, else why nobody does."""
    session = current_session()
    if session is None:
        return "card_signed_out"
    with current_club().store.read() as uow:
        viewer = viewer_of_session(uow, session)
    if viewer is None:
        return "card_over"
    return "left" if viewer.facts.membership == "left" else viewer


def is_shared(viewer: Viewer) -> bool:
    """Whether the card is somebody else's, who shares it with whoever looks."""
    session = current_session()
    return session is not None and viewer.member.is_shared_with(session.account)


def viewer_of_session(uow: UnitOfWork, session: CardSession) -> Viewer | None:
    """Whose card the session shows; None where it may show that one no longer."""
    viewer = reader_of(uow, session.number, session.issue)
    if viewer is None or session.account in ("", viewer.member.line_user_id):
        return viewer
    shared = [card.id for card in cards_of(uow, session.account)]
    return viewer if viewer.member.id in shared else None


def member_page(view: _MemberView[P]) -> Callable[P, ResponseReturnValue]:
    """For a page below `/card`, under its route: the view is handed whose card is shown, and who
    shows none is told why (401, as JSON where a script asks).

    A form that is posted must have the page's own token (`form_token`, field `csrf_token` or header
    `X-CSRFToken`): it is of this session and the card it shows, so that what was begun for one of a
    family's cards never changes another's.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        viewer = viewer_here()
        if isinstance(viewer, str):
            return no_card(viewer)
        if request.method != "GET" and not _is_of_this_session():
            abort(400)
        answer = make_response(view(viewer, *args, **kwargs))
        session = current_session()
        if session is not None and g.card_session_is_old and _sets_no_cookie(answer):
            keep_session(answer, session)
        return safe(answer, "card")

    return guarded


def no_card(why: NoCard) -> Response:
    """What is answered where there is no card to show."""
    if request.accept_mimetypes.best == "application/json":
        answer = make_response({"error": why}, 401)
    else:
        entering = enter_page() if why == "card_signed_out" else None
        answer = entering or end_page(why)
        answer.status_code = 401
    return safe(answer, "card")


def outside_link(to: str = "card") -> str:
    """Opens the card in the phone's own browser, and there the section `to`
    (developers.line.biz/en/docs/line-login/use-line-url-scheme, `openExternalBrowser`). What this
    browser may show, the other may: no card that was issued anew since this session began."""
    club, session = current_club(), current_session()
    said = club.codes.seal(_OUTSIDE, str(session)) if session else ""
    link = f"{club.base_url}/card/{club.codes.sign(_OUTSIDE, said)}/"
    return f"{link}?openExternalBrowser=1&to={to}"


def session_outside(token: str) -> CardSession | None:
    """The session that an `outside_link` takes along; None for what isn't one, or is too old."""
    codes = current_club().codes
    sealed = codes.unsign(_OUTSIDE, token, CARD_HOURS * 3600)
    said = codes.unseal(_OUTSIDE, sealed) if sealed else None
    return _read(said) if said else None


def form_token() -> str:
    """What a form of this page must have, to show that it was ours."""
    session = current_session()
    return current_club().codes.sign(_FORM, _sealed(session)) if session else ""


def _is_of_this_session() -> bool:
    given = request.form.get("csrf_token") or request.headers.get("X-CSRFToken", "")
    session = current_session()
    return session is not None and (
        current_club().codes.unsign(_FORM, given, None) == _sealed(session)
    )


def _read(said: str) -> CardSession:
    """The session that `said` is the text of."""
    account, *cards = said.split(" ")
    named = [card.partition(":") for card in cards]
    return CardSession(account, tuple((number, int(issue)) for number, _, issue in named))


def _sealed(session: CardSession) -> str:
    """As the cookie says it: the same for the same session."""
    return current_club().codes.seal(_PURPOSE, str(session))


def _sets_no_cookie(answer: Response) -> bool:
    return "Set-Cookie" not in answer.headers
