"""Signing in and out of the staff's pages. Who tries is counted before anything is looked at."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.store.staff import browsers, devices, staff, staff_sessions
from bot.store.staff.browsers import KnownBrowser
from bot.store.staff.devices import Device
from bot.store.staff.staff import StaffMember
from bot.store.staff.staff_sessions import Session
from handlers.actions.recording.work import Work

from ..recording.actor import Actor
from ..recording.log import note

#: What the log calls it.
SIGN_IN = "sign_in"
#: How long somebody stays signed in at most.
SESSION = timedelta(hours=12)
#: And while nothing is asked, on a registered device: it stands where others come by. Who only
#: serves customers stays, while the shop is open, and so long after it.
_IDLE_ON_DEVICE = timedelta(minutes=15)
#: So many wrong passwords or PINs in a row cost nothing but the time to type them.
FREE_TRIES = 4
_WAIT_FIRST, _WAIT_MAX = timedelta(seconds=30), timedelta(hours=1)
#: Counting further would change nothing.
_FAILED_MAX = 1000


def new_token() -> str:
    """256 bits that nobody can guess, in letters for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def wait_after(failed: int) -> timedelta:
    """How long the next try must wait after so many wrong ones in a row."""
    if failed <= FREE_TRIES:
        return timedelta(0)
    doublings: int = min(failed - FREE_TRIES - 1, 10)
    return min(_WAIT_FIRST * (1 << doublings), _WAIT_MAX)


def count_try(work: Work, staff_id: int, browser: str) -> StaffMember | None:
    """Counts a try as a wrong one before it is looked at: a thousand at once are a thousand. In a
    browser that the person knows (by the hash of its token) it counts there, else for all others.

    Gives the person as they were, with the wrong ones of there; None when no try is taken from them
    now.
    """
    person = staff.lock(work.uow, staff_id)
    if person is None or person.disabled_at is not None:
        return None
    known = browsers.get(work.uow, staff_id, browser)
    if known is not None:
        person = replace(person, failed=known.failed, locked_until=known.locked_until)
    if person.locked_until is not None and work.wall < person.locked_until:
        return None
    failed = min(person.failed + 1, _FAILED_MAX)
    _set_tries(work, staff_id, known, failed=failed, locked_until=work.wall + wait_after(failed))
    return person


def forget_tries(work: Work, staff_id: int, browser: str) -> None:
    """After a right one the wrong ones of there don't count."""
    known = browsers.get(work.uow, staff_id, browser)
    _set_tries(work, staff_id, known, failed=0, locked_until=None)


def _set_tries(
    work: Work, staff_id: int, known: KnownBrowser | None, **tries: int | datetime | None
) -> None:
    if known is not None:
        browsers.change(work.uow, staff_id, known.token_hash, **tries)
    else:
        staff.change(work.uow, staff_id, **tries)


@dataclass(frozen=True, slots=True)
class SignInWay:
    """How somebody signs in, and where."""

    #: By "password", "pin", "tap" or "link".
    how: str
    #: None in a browser that isn't registered.
    device: Device | None
    #: The id of the store that is chosen there.
    store: str
    #: The hash of the browser's own token, and what it says it is.
    browser: str = ""
    browser_name: str = ""
    #: In a browser of their own they stay signed in for so long while nothing is asked.
    idle: timedelta = SESSION
    #: Through how many proxies, for `doctor` to compare with how many are named.
    forwarded: int = 0


def note_wrong(work: Work, person: StaffMember, way: SignInWay) -> None:
    """Writes down that a password or PIN was wrong, and that nobody gets in for a while where it
    was one too many."""
    acting = work.acting(desk_of(person, way.device, way.store))
    note(acting, "sign_in_failed", how=way.how)
    wait = wait_after(person.failed + 1)
    if wait:
        note(acting, "locked_out", seconds=round(wait.total_seconds()))


def sign_in(
    work: Work, person: StaffMember, way: SignInWay, *, replaces: str | None = None
) -> str | None:
    """Signs the person in and gives the token of their session; None if they were just disabled.
    `replaces` is the token of the session that the browser had before."""
    current = staff.lock(work.uow, person.id)
    if current is None or current.disabled_at is not None:
        return None
    if way.how != "tap":
        forget_tries(work, person.id, way.browser)
        _know_browser(work, person, way)
    if replaces is not None:
        staff_sessions.revoke(work.uow, token_hash(replaces), at=work.wall)
    token = new_token()
    staff_sessions.start(
        work.uow,
        token_hash(token),
        staff_id=person.id,
        device_id=way.device.id if way.device else None,
        at=work.wall,
        until=stays_until(work, current, way, since=work.wall),
    )
    desk = desk_of(current, way.device, way.store)
    note(work.acting(desk), SIGN_IN, how=way.how, forwarded=way.forwarded)
    return token


def _know_browser(work: Work, person: StaffMember, way: SignInWay) -> None:
    """Notes that the person signed in there. One that is new is told in those of before."""
    known = browsers.get(work.uow, person.id, way.browser)
    if known is not None:
        browsers.change(work.uow, person.id, known.token_hash, last_at=work.wall)
    elif way.browser:
        name = way.device.name if way.device else way.browser_name
        browsers.add(work.uow, person.id, way.browser, name, at=work.wall)


def know_new_browsers(work: Work, staff_id: int, browser: str) -> None:
    """The person says, in that browser, that they know those that came after it."""
    for new in browsers.untold(work.uow, staff_id, browser):
        browsers.change(work.uow, staff_id, new.token_hash, told_at=work.wall)
        note(work, "browser_known", browser=new.name)


def stays_until(work: Work, person: StaffMember, way: SignInWay, *, since: datetime) -> datetime:
    """When a session that began at `since` ends if nothing is asked any more."""
    idle = way.idle
    if way.device is not None:
        is_open_for = work.programme.open_for(way.device.store, work.now)
        serves = not person.manages and is_open_for is not None
        idle = _IDLE_ON_DEVICE + (is_open_for if serves and is_open_for else timedelta())
    return min(since + SESSION, work.wall + idle)


def stay(work: Work, session: Session, person: StaffMember, way: SignInWay) -> None:
    """Notes that whoever is signed in is still there."""
    until = stays_until(work, person, way, since=session.created_at)
    staff_sessions.note_seen(work.uow, session.token_hash, at=work.wall, until=until)
    if way.device is not None:
        devices.note_seen(work.uow, way.device.id, at=work.wall)


def renew_hash(work: Work, person: StaffMember, renewed: str) -> None:
    """Keeps the password that fitted as `renewed`, hashed in today's better way."""
    current = staff.lock(work.uow, person.id)
    # Whoever changed it meanwhile has another one now.
    if current is not None and current.password_hash == person.password_hash:
        staff.change(work.uow, person.id, password_hash=renewed)


def sign_out(work: Work, session: str) -> None:
    """Ends the session that has this hash."""
    if staff_sessions.revoke(work.uow, session, at=work.wall):
        note(work, "sign_out")


def desk_of(person: StaffMember, device: Device | None, store: str) -> Actor:
    """The person at work: at `store`, or at the only one they may work at."""
    return Actor(
        staff_id=person.id,
        name=person.name,
        role=person.role,
        store=person.store or store,
        device_id=device.id if device else None,
        everywhere=person.store is None,
    )
