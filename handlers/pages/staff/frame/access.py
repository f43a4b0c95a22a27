"""Who is signed in, and who may see a page. Every page of the staff begins here.

A view says who it is for by `@staff_page`, `@manager_page` or `@owner_page`, below its route, and
asks `signed()` who it is. Sessions end by wall time, whatever the club's clock says.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import wraps
from typing import ParamSpec

from flask import Flask, Response, abort, current_app, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue, RouteCallable
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from bot.store import StoreBusy
from bot.store.staff import devices, staff_sessions
from bot.store.staff.devices import Device
from bot.store.staff.staff import Role, StaffMember
from bot.store.staff.staff_sessions import RunningSession, Session
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.work import Work
from handlers.actions.staff.signing import SignInWay, desk_of, stay, token_hash
from handlers.club import Club
from rules.base import LANGS, Lang

from ...cookies import cookie_name, cookie_of, is_secure, keep_cookie
from ...current import current_club, current_programme
from .looks import note_look

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

_API = "/staff/api/"
#: Whom each guarded view is for.
_ROLES: dict[RouteCallable, tuple[Role, ...]] = {}
#: The cookies: of whoever is signed in, and of a registered device.
_SESSION, _DEVICE = "kayoi_staff", "kayoi_device"
#: What the signed cookie holds beside Flask-Login's own: a language before somebody is known, and
#: the store chosen by who may work at any.
_LANGUAGE, _STORE = "language", "store"
#: And the token of a session that awaits the code of an app.
_AWAITS = "awaits_code"
#: What pages ask by themselves, whether or not somebody is there.
_ASKED_BY_SCRIPTS = {"staff.today_list", "staff.api_session", "staff.api_programme"}
_IDLE = "KAYOI_SESSION_IDLE"
#: How often it is written down that somebody is still there.
_SEEN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class SignedInStaff:
    """Who is signed in: what they act as (`desk`), and in which words. On a registered `device` the
    desk's store is that device's, also where they may work at any."""

    desk: Actor
    language: Lang
    has_pin: bool
    session: Session
    device: Device | None
    token: str = field(repr=False)
    # What Flask-Login asks of its users.
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @property
    def staff_id(self) -> int:
        return self.desk.staff_id

    def get_id(self) -> str:
        return self.token

    @property
    def everywhere(self) -> bool:
        """Whether they may work at any store."""
        return self.desk.everywhere

    @property
    def chooses_store(self) -> bool:
        """Whether they say themselves at which store they are."""
        return self.everywhere and self.device is None

    def may_act_at(self, store: str | None) -> bool:
        """Whether what belongs to `store` (None: the whole club) is theirs to see and change."""
        return self.desk.may_act_at(store)


def install(app: Flask, club: Club, *, idle: timedelta) -> None:
    """Gives `app` its sessions: signed cookies that name a row of the database. They last for
    `idle` while nothing is asked."""
    app.config[_IDLE] = idle
    app.secret_key = club.codes.cookie_key()
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name(_SESSION, club),
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_secure(club),
        PERMANENT_SESSION_LIFETIME=12 * 3600,
    )
    manager = LoginManager()
    # A phone changes its address with every network; the row can be revoked instead.
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_load)


def signed_or_none() -> SignedInStaff | None:
    """Who is signed in, if anybody is."""
    user = current_user._get_current_object()
    return user if isinstance(user, SignedInStaff) else None


def signed() -> SignedInStaff:
    """Who is signed in, on a page that is only for them."""
    found = signed_or_none()
    if found is None:
        abort(401)
    return found


def signed_work(key: str = "") -> AbstractContextManager[Work]:
    """A transaction of whoever is signed in (see `Club.work`)."""
    return current_club().work(signed().desk, key=key)


def language() -> Lang:
    """The reader's language: their own, or one they chose here, or their browser's."""
    someone = signed_or_none()
    if someone is not None:
        return someone.language
    chosen = session.get(_LANGUAGE) or request.accept_languages.best_match(LANGS)
    return "en" if chosen == "en" else "ja"


def choose_language_here(chosen: Lang) -> None:
    """Remembers a language in this browser, for before anybody has signed in."""
    session[_LANGUAGE] = chosen


def choose_store(store: str) -> None:
    """Remembers at which store who may work at any is working now."""
    session[_STORE] = store


def begin_session(token: str) -> None:
    """Lets this browser in with the token of a session that was just made."""
    _begin_anew()
    session.permanent = True
    someone = _load(token)
    if someone is not None:
        login_user(someone)


def await_code(token: str) -> None:
    """Lets this browser give the code that the session with this token awaits, and nothing else."""
    _begin_anew()
    session[_AWAITS] = token


def awaiting_token() -> str:
    """The token of the session here that awaits a code; "" for none."""
    token = session.get(_AWAITS)
    return token if isinstance(token, str) else ""


def _begin_anew() -> None:
    """Nothing of before, its CSRF token included, is good for the one who comes in."""
    chosen = session.get(_LANGUAGE)
    session.clear()
    if chosen:
        session[_LANGUAGE] = chosen


def end_session() -> None:
    logout_user()
    session.clear()


def this_device() -> Device | None:
    """The registered device that asks, if it is one."""
    club = current_club()
    token = cookie_of(_DEVICE)
    if not token:
        return None
    with club.store.glance() as uow:
        return devices.by_token(uow, token_hash(token))


def store_here(device: Device | None) -> str:
    """The store at which somebody who may work at any works: the device's, the one they chose, or
    the first."""
    programme = current_programme()
    if device is not None:
        return device.store
    chosen = session.get(_STORE)
    if isinstance(chosen, str) and programme.store(chosen) is not None:
        return chosen
    return programme.stores[0].id


def remember_device(answer: AnyResponse, token: str) -> None:
    """Makes this browser the device that holds `token`. The cookie alone opens nothing but the page
    on which people say who they are."""
    keep_cookie(answer, _DEVICE, token)


def _load(token: str) -> SignedInStaff | None:
    """Who holds the token of a session that runs; None when it doesn't, or they may not work."""
    club = current_club()
    now = club.wall.now()
    with club.store.glance() as uow:
        found = staff_sessions.running(uow, token_hash(token), at=now)
    if found is None or not _may_work(found.person, found.device):
        return None
    person, device, running = found.person, found.device, found.session
    is_news = (now - running.seen_at).total_seconds() >= _SEEN_SECONDS
    if is_news and request.endpoint not in _ASKED_BY_SCRIPTS:
        _note_seen(found)
    return SignedInStaff(
        desk=desk_of(person, device, store_here(device)),
        language=person.language,
        has_pin=person.pin_hash is not None,
        session=running,
        device=device,
        token=token,
    )


def _note_seen(found: RunningSession) -> None:
    way = SignInWay("", found.device, "", idle=idle_max())
    # Nobody waits for it: the next request tries again.
    with suppress(StoreBusy), current_club().work() as work:
        stay(work, found.session, found.person, way)


def idle_max() -> timedelta:
    """How long a session lasts in a browser of one's own while nothing is asked."""
    idle: timedelta = current_app.config[_IDLE]
    return idle


def _may_work(person: StaffMember, device: Device | None) -> bool:
    if person.disabled_at is not None:
        return False
    return device is None or (device.revoked_at is None and person.works_at(device.store))


def staff_page(view: View[P]) -> View[P]:
    """For all who are signed in."""
    return _only(view, ("owner", "manager", "staff"))


def manager_page(view: View[P]) -> View[P]:
    """For managers and owners."""
    return _only(view, ("owner", "manager"))


def owner_page(view: View[P]) -> View[P]:
    """For owners."""
    return _only(view, ("owner",))


def _only(view: View[P], roles: tuple[Role, ...]) -> View[P]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        someone = signed_or_none()
        if someone is None:
            return _signed_out()
        if someone.desk.role not in roles:
            note_look(someone.desk, "not_allowed")
            if is_api():
                return _error("not_allowed", 403)
            abort(403)
        return view(*args, **kwargs)

    _ROLES[guarded] = roles
    return guarded


def may_see(endpoint: str, role: Role) -> bool:
    """Whether the page's guard lets people of `role` in. LookupError for a page that has none."""
    return role in _ROLES[current_app.view_functions[endpoint]]


def is_api() -> bool:
    """Whether a program asks, which wants JSON."""
    return request.path.startswith(_API)


def _signed_out() -> ResponseReturnValue:
    if is_api():
        return _error("signed_out", 401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("staff.login", next=wanted), 303)


def _error(code: str, status: int) -> Response:
    answer = jsonify(error=code)
    answer.status_code = status
    return answer
