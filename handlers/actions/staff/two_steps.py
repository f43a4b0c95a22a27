"""Signing in in two steps: the password, then a code from an authenticator app (RFC 6238).

What the app shares with us is kept encrypted. Each code is good once; ten recovery codes, shown
once and kept as hashes, let in somebody whose telephone is lost.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import base32, totp
from bot.store.staff import recovery_codes, staff, staff_sessions
from bot.store.staff.staff import StaffMember
from bot.store.staff.staff_sessions import RunningSession
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.characters import without_marks

from .signing import SignInWay, count_try, forget_tries, new_token, note_wrong, sign_in, token_hash
from .staffing import log, plain, set_pin

RECOVERY_CODES = 10
#: A recovery code with its hyphens, and some blanks.
CODE_LENGTH_MAX = 40
#: How long the second step may take.
_STEP_WITHIN = timedelta(minutes=5)
#: One is two halves of eight letters, 80 bits: nobody finds it by its hash.
_HALF = 8


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the app is told. `sealed` comes back with its first code."""

    secret: str
    sealed: str


@dataclass(frozen=True, slots=True)
class FirstStep:
    """What the first step led to: the token of a session, which runs or `awaits_code`."""

    token: str
    awaits_code: bool


def offer(work: Work, person: StaffMember) -> Enrolment:
    """A new secret for the person's app. Nothing holds before `switch_on`."""
    secret = totp.new_secret()
    return Enrolment(secret, work.codes.seal(_purpose(person), secret))


def offered(work: Work, person: StaffMember, sealed: str) -> Enrolment | None:
    """The same as it came back; None for what wasn't offered to them."""
    secret = work.codes.unseal(_purpose(person), sealed)
    return Enrolment(secret, sealed) if secret else None


def switch_on(
    work: Work, person: StaffMember, enrolment: Enrolment, code: str
) -> list[str] | Refusal:
    """From now on a password isn't enough; gives the recovery codes. Whoever is signed in as them
    elsewhere is out, and the PIN they have, which somebody else may have chosen, is void."""
    step = totp.step_of(enrolment.secret, _digits(code), at=work.wall, after=None)
    if step is None:
        return Refusal("code_wrong")
    current = staff.lock(work.uow, person.id)
    if current is None or current.has_two_steps:
        return Refusal("two_steps_on")
    if current.pin_hash is not None:
        set_pin(work, person, "")
    staff.change(work.uow, person.id, totp=enrolment.sealed, totp_since=work.wall, totp_step=step)
    log(work, "two_steps_on", person)
    return new_recovery_codes(work, person)


def new_recovery_codes(work: Work, person: StaffMember) -> list[str]:
    """Recovery codes, to be shown once; those of before are void."""
    made = [secrets.token_bytes(2 * base32.TYPED_BYTES) for _ in range(RECOVERY_CODES)]
    recovery_codes.put(work.uow, person.id, map(_recovery_hash, made))
    log(work, "recovery_codes", person)
    return [_readable(each) for each in made]


def switch_off(work: Work, person: StaffMember) -> None:
    """A password is enough again."""
    staff.change(work.uow, person.id, totp=None, totp_since=None, totp_step=None)
    recovery_codes.put(work.uow, person.id, ())
    log(work, "two_steps_off", person)


def enter(
    work: Work, person: StaffMember, way: SignInWay, *, replaces: str | None = None
) -> FirstStep | None:
    """Signs in somebody who gave what they were asked for, or lets them give a code first; None if
    they were just disabled. `replaces` is as in `sign_in`.

    A PIN works on a registered device alone, which is a second thing to have.
    """
    current = staff.lock(work.uow, person.id)
    if current is None or current.disabled_at is not None:
        return None
    if not current.has_two_steps or (way.how == "pin" and way.device is not None):
        token = sign_in(work, person, way, replaces=replaces)
        return FirstStep(token, awaits_code=False) if token else None
    if replaces is not None:
        staff_sessions.revoke(work.uow, token_hash(replaces), at=work.wall)
    token = new_token()
    staff_sessions.start(
        work.uow,
        token_hash(token),
        staff_id=person.id,
        device_id=way.device.id if way.device else None,
        at=work.wall,
        until=work.wall + _STEP_WITHIN,
        awaits_code=True,
    )
    return FirstStep(token, awaits_code=True)


def awaiting(work: Work, token: str) -> RunningSession | None:
    """Who gave their password, and awaits to give a code; None after five minutes."""
    found = staff_sessions.awaiting_code(work.uow, token_hash(token), at=work.wall)
    return found if found is not None and found.person.disabled_at is None else None


def finish(work: Work, token: str, code: str, way: SignInWay) -> str | Refusal:
    """Signs in who awaited a code, if it is right; gives the session's token. Each try is counted
    as one of a password is."""
    found = awaiting(work, token)
    if found is None:
        return Refusal("signed_out")
    taken = try_code(work, found.person.id, code, way)
    if taken is None:
        return Refusal("code_wrong")
    way = replace(way, how=taken)
    return sign_in(work, found.person, way, replaces=token) or Refusal("signed_out")


def try_code(work: Work, staff_id: int, code: str, way: SignInWay) -> str | None:
    """Uses up the code that a person gave: "code" for one of their app, "recovery" for one of
    those; None for neither, or while no try is taken from them."""
    person = count_try(work, staff_id, way.browser)
    if person is None:
        return None
    taken = _take(work, person, code)
    if taken is None:
        note_wrong(work, person, way)
    else:
        forget_tries(work, person.id, way.browser)
    return taken


def _take(work: Work, person: StaffMember, code: str) -> str | None:
    secret = work.codes.unseal(_purpose(person), person.totp) if person.totp else None
    if secret is not None:
        step = totp.step_of(secret, _digits(code), at=work.wall, after=person.totp_step)
        if step is not None:
            # Sealed by the key of today, whichever it was sealed by.
            sealed = work.codes.seal(_purpose(person), secret)
            staff.change(work.uow, person.id, totp=sealed, totp_step=step)
            return "code"
    typed = _recovery_typed(code)
    if typed is not None and recovery_codes.use(work.uow, person.id, _recovery_hash(typed)):
        log(work, "recovery_used", person)
        return "recovery"
    return None


def _purpose(person: StaffMember) -> str:
    """What is sealed for one is no other's."""
    return f"app of {person.id}"


def _digits(code: str) -> str:
    return without_marks(plain(code))


def _readable(code: bytes) -> str:
    letters = "".join(base32.to_type(code[n : n + 5]) for n in (0, base32.TYPED_BYTES))
    return "-".join(letters[n : n + 4] for n in range(0, len(letters), 4))


def _recovery_typed(code: str) -> bytes | None:
    letters = base32.plain(code)
    first, second = base32.typed(letters[:_HALF]), base32.typed(letters[_HALF:])
    return None if first is None or second is None else first + second


def _recovery_hash(code: bytes) -> str:
    return hashlib.sha256(code).hexdigest()
