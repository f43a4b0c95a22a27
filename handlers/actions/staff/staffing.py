"""Who works here: hiring, what they may, their passwords and PINs, and who may change any of it.

An owner may do everything; a manager what concerns managers and staff of their own store (of all,
if they work at any). Whoever changes something is looked at in the same transaction.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.passwords import hashed, is_easy
from bot.store import UnitOfWork
from bot.store.members import link_codes
from bot.store.staff import audit, devices, invitations, staff, staff_sessions
from bot.store.staff.devices import Device
from bot.store.staff.staff import Role, StaffMember
from handlers.actions.recording.work import Work
from rules.base import Lang, Refusal
from rules.characters import one_width, visible

from ..recording.actor import Actor
from ..recording.log import note_refusal

LOGIN_MAX, NAME_MAX, PUBLIC_NAME_MAX = 60, 60, 20
PASSWORD_MIN, PASSWORD_MAX = 10, 200
PIN_MIN, PIN_MAX = 4, 8
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,59}")
_COUNTING = "01234567890", "09876543210"
#: Years, one pair twice, two of a kind twice, the pad's middle row, and a pun: what people choose
#: most (Wang et al., Understanding Human-Chosen PINs, AsiaCCS 2017).
_FAVOURITE_PIN = re.compile(r"(19|20)\d\d|(\d\d)\2|(\d)\3(\d)\4|2580|0852|1004")


@dataclass(frozen=True, slots=True)
class Assignment:
    """What somebody may: their role, and the store they work at (None is every one)."""

    role: Role
    store: str | None


def plain(text: str) -> str:
    """A login, password or PIN however it was typed: in full width, or with an input method."""
    return one_width(text)


def may_manage(actor: StaffMember, place: Assignment) -> bool:
    """Whether `actor` may change who stands in that place, and put somebody there."""
    if actor.role == "owner":
        return True
    in_reach = actor.store is None or actor.store == place.store
    return actor.role == "manager" and place.role != "owner" and in_reach


def hire(
    work: Work, *, login: str, name: str, place: Assignment, stores: Collection[str], language: Lang
) -> StaffMember | Refusal:
    """Somebody new, who can't sign in before they have a password. `stores` are those there are.
    A work that nobody of the staff does is a command's, which may hire anybody."""
    login, name = plain(login).strip().lower(), name.strip()
    problem = _place_problem(work, place, stores) or words_problem(login, name)
    if problem is not None:
        return problem
    person = staff.add(
        work.uow,
        login=login,
        name=name,
        role=place.role,
        store=place.store,
        language=language,
        at=work.now,
    )
    if person is None:
        return Refusal("login_taken")
    log(work, "staff_add", person, role=place.role, at_store=place.store)
    return person


def move(
    work: Work, staff_id: int, *, name: str, place: Assignment, stores: Collection[str]
) -> StaffMember | Refusal:
    """Gives a person another name, role or store."""
    person = lock_to_manage(work, staff_id)
    if isinstance(person, Refusal):
        return person
    problem = _place_problem(work, place, stores) or words_problem(person.login, name.strip())
    if problem is None and place.role != person.role:
        problem = _leaving_problem(work, person)
    if problem is not None:
        return problem
    staff.change(work.uow, person.id, name=name.strip(), role=place.role, store=place.store)
    if place.role != person.role:
        # They signed in as somebody who may do less, perhaps by a tap alone.
        staff_sessions.revoke_of(work.uow, staff_id=person.id, at=work.wall)
    log(work, "staff_change", person, role=place.role, at_store=place.store)
    return person


def disable(work: Work, staff_id: int) -> StaffMember | Refusal:
    """Lets a person in no more. Their sessions end, and so does what they gave out: invitations
    and codes that wait, and the devices they registered, which may stand wherever they like."""
    person = lock_to_manage(work, staff_id)
    if isinstance(person, Refusal):
        return person
    problem = _leaving_problem(work, person)
    if problem is not None:
        return problem
    staff.change(work.uow, person.id, disabled_at=work.now)
    staff_sessions.revoke_of(work.uow, staff_id=person.id, at=work.wall)
    # First those that wait: whoever opens one just now registers a device before it is looked for.
    invitations.withdraw(work.uow, person.id)
    link_codes.end_of(work.uow, person.id, at=work.now)
    for device in devices.of_person(work.uow, person.id):
        retire(work, device)
        log(work, "device_revoke", person, device=device.name, at_store=device.store)
    log(work, "staff_disable", person)
    return person


def retire(work: Work, device: Device) -> None:
    """Takes a device out of service; whoever is signed in on it is out."""
    devices.revoke(work.uow, device.id, at=work.wall)
    staff_sessions.revoke_of(work.uow, device_id=device.id, at=work.wall)


def enable(work: Work, staff_id: int) -> StaffMember | Refusal:
    """Lets a disabled person in again."""
    person = lock_to_manage(work, staff_id)
    if isinstance(person, Refusal):
        return person
    staff.change(work.uow, person.id, disabled_at=None, failed=0, locked_until=None)
    log(work, "staff_enable", person)
    return person


def end_sessions(work: Work, staff_id: int) -> StaffMember | Refusal:
    """Signs a person out everywhere."""
    person = lock_to_manage(work, staff_id)
    if isinstance(person, Refusal):
        return person
    staff_sessions.revoke_of(work.uow, staff_id=person.id, at=work.wall)
    log(work, "sessions_end", person)
    return person


def give_pin(work: Work, staff_id: int, kept: str) -> StaffMember | Refusal:
    """Sets the PIN with which a person is chosen on a registered device, as `pin_to_keep` gave it;
    "" takes it away."""
    person = lock_to_manage(work, staff_id)
    if isinstance(person, Refusal):
        return person
    if is_own(person, work.actor):
        return Refusal("own_account")
    # A PIN stands for both steps, on a device: they alone choose it.
    if kept and person.has_two_steps:
        return Refusal("two_steps_own")
    set_pin(work, person, kept)
    return person


def set_pin(work: Work, person: StaffMember, kept: str) -> None:
    """As `give_pin`, for one's own."""
    staff.change(work.uow, person.id, pin_hash=kept or None)
    log(work, "pin_set" if kept else "pin_remove", person)


def give_public_name(work: Work, staff_id: int, name: str) -> StaffMember | Refusal:
    """Sets what a person is called to members, who read it below a word of praise; "" for nothing.
    Each chooses their own, or whoever manages them does.

    Refused with public_name_invalid, or public_name_login: what lets them in is no such name, and a
    browser may have filled it in.
    """
    person = lock_to_manage(work, staff_id)
    return person if isinstance(person, Refusal) else set_public_name(work, person, name)


def set_public_name(work: Work, person: StaffMember, name: str) -> StaffMember | Refusal:
    """As `give_public_name`, for one's own."""
    name = " ".join(visible(name).split())
    if len(name) > PUBLIC_NAME_MAX or not name.isprintable():
        return Refusal("public_name_invalid")
    if name == person.login or "@" in name:
        return Refusal("public_name_login")
    staff.change(work.uow, person.id, public_name=name)
    log(work, "public_name_set" if name else "public_name_remove", person)
    return person


def pin_to_keep(pin: str) -> str | Refusal:
    """What is kept of a PIN that was chosen; "" for none. As slow as all hashing: not in a work."""
    pin = plain(pin).strip()
    if pin and not _is_good_pin(pin):
        return Refusal("pin_weak")
    return hashed(pin) if pin else ""


def set_password(work: Work, person: StaffMember, kept: str, *, but: str = "") -> None:
    """Sets a person's password, as `password_to_keep` gave it, and ends their sessions, but the one
    whose hash is `but`."""
    staff.change(work.uow, person.id, password_hash=kept, failed=0, locked_until=None)
    staff_sessions.revoke_of(work.uow, staff_id=person.id, but=but, at=work.wall)
    log(work, "password_set", person)


def password_to_keep(password: str, *of: str) -> str | Refusal:
    """What is kept of a password that was chosen by somebody with the login and name in `of`. As
    slow as all hashing: not in a work."""
    password = plain(password)
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        return Refusal("password_short")
    if is_easy(password, of):
        return Refusal("password_weak")
    return hashed(password)


def choose_language(uow: UnitOfWork, staff_id: int, language: Lang) -> None:
    """The language a person reads the pages in. It concerns nobody else, and isn't logged."""
    staff.change(uow, staff_id, language=language)


def log(work: Work, action: str, person: StaffMember, **details: object) -> None:
    """Writes down what was done about a person; for a command nobody is named as who did it."""
    audit.add(
        work.uow,
        action,
        at=work.now,
        staff_id=work.actor.staff_id if work.actor else None,
        device_id=work.actor.device_id if work.actor else None,
        store=(work.actor.store if work.actor else person.store) or None,
        key=None,
        member_id=None,
        person=person.id,
        **details,
    )


def lock_to_manage(work: Work, staff_id: int) -> StaffMember | Refusal:
    """The person, locked, if whoever acts may change them."""
    person = staff.lock(work.uow, staff_id)
    if person is None:
        return Refusal("person_unknown")
    if work.actor is None or _acts(work, Assignment(person.role, person.store)):
        return person
    return _not_allowed(work)


def is_own(person: StaffMember, by: Actor | None) -> bool:
    """Whether the person's password vouches for them here: then a page that was left open must not
    be enough to set another."""
    return by is not None and by.staff_id == person.id and person.password_hash is not None


def _acts(work: Work, place: Assignment) -> bool:
    actor = staff.get(work.uow, work.staff.staff_id)
    return actor is not None and actor.disabled_at is None and may_manage(actor, place)


def _place_problem(work: Work, place: Assignment, stores: Collection[str]) -> Refusal | None:
    if place.store is not None and place.store not in stores:
        return Refusal("store_unknown")
    if work.actor is not None and not _acts(work, place):
        return _not_allowed(work)
    return None


def _not_allowed(work: Work) -> Refusal:
    note_refusal(work, "not_allowed")
    return Refusal("not_allowed")


def words_problem(login: str, name: str) -> Refusal | None:
    """What is wrong with what somebody is to be called; None for nothing."""
    if not _LOGIN.fullmatch(login):
        return Refusal("login_invalid")
    if not name or len(name) > NAME_MAX or not name.isprintable():
        return Refusal("name_invalid")
    return None


def _leaving_problem(work: Work, person: StaffMember) -> Refusal | None:
    """Why a person can't be taken out of their role."""
    if work.actor is not None and work.actor.staff_id == person.id:
        return Refusal("yourself")
    if person.role == "owner" and person.disabled_at is None and staff.owners(work.uow) == 1:
        return Refusal("last_owner")
    return None


def _is_good_pin(pin: str) -> bool:
    """Digits enough, and none of those that are guessed first."""
    if not (pin.isascii() and pin.isdigit() and PIN_MIN <= len(pin) <= PIN_MAX):
        return False
    is_row = len(set(pin)) == 1 or any(pin in row for row in _COUNTING)
    return not is_row and _FAVOURITE_PIN.fullmatch(pin) is None
