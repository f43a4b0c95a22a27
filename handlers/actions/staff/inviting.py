"""Invitations: a link, or its QR, that registers a device or lets somebody choose a password.

Each works once and for a short while; the database knows only what its token hashes to.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from bot.store import UnitOfWork
from bot.store.staff import devices, invitations, staff, staff_sessions
from bot.store.staff.devices import Device
from bot.store.staff.invitations import Invitation, Kind
from bot.store.staff.staff import Person
from rules.base import Refusal

from ..recording.actor import Desk, note
from .signing import Times, new_token, token_hash
from .staffing import Place, is_own, log, managed, may_manage, set_password

#: A device stands beside whoever invites it; a colleague has a look in the evening.
DEVICE_FOR = timedelta(minutes=30)
PASSWORD_FOR = timedelta(days=3)
SIGN_IN_FOR = timedelta(hours=12)
DEVICE_NAME_MAX = 60


@dataclass(frozen=True, slots=True)
class Registered:
    """A device with the token that its cookie holds from now on."""

    device: Device
    token: str


def invite_device(
    uow: UnitOfWork, *, name: str, store: str, stores: Collection[str], by: Desk, at: Times
) -> str | Refusal:
    """An invitation for a device of `store`; gives its token."""
    name = name.strip()
    if not name or len(name) > DEVICE_NAME_MAX or not name.isprintable():
        return Refusal("name_invalid")
    if store not in stores:
        return Refusal("store_unknown")
    if not _may_manage_devices(uow, store, by):
        return Refusal("not_allowed")
    token = new_token()
    made = Invitation(
        token_hash(token), "device", name, store, None, by.staff_id, at.wall + DEVICE_FOR
    )
    invitations.add(uow, made, at=at.wall)
    note(uow, by, "device_invite", now=at.club, device=name, at_store=store)
    return token


def invite_person(uow: UnitOfWork, staff_id: int, *, by: Desk | None, at: Times) -> str | Refusal:
    """An invitation for a person to choose a (new) password; gives its token."""
    person = managed(uow, staff_id, by)
    if isinstance(person, Refusal):
        return person
    if person.disabled_at is not None:
        return Refusal("person_disabled")
    if is_own(person, by):
        return Refusal("own_account")
    token = _invite(uow, person, "password", PASSWORD_FOR, by, at)
    log(uow, by, "staff_invite", person, at=at)
    return token


def invite_to_sign_in(uow: UnitOfWork, person: Person, *, at: Times) -> str:
    """A link that signs the person in once: how one gets into the demo club."""
    return _invite(uow, person, "sign_in", SIGN_IN_FOR, None, at)


def _invite(
    uow: UnitOfWork, person: Person, kind: Kind, good_for: timedelta, by: Desk | None, at: Times
) -> str:
    token = new_token()
    made = Invitation(
        token_hash(token),
        kind,
        person.name,
        None,
        person.id,
        by.staff_id if by else None,
        at.wall + good_for,
    )
    invitations.add(uow, made, at=at.wall)
    return token


def invited(uow: UnitOfWork, token: str, *, at: Times) -> Invitation | None:
    """What a link's token invites to; None when it is too old, used up or none of ours."""
    found = invitations.find(uow, token_hash(token), at=at.wall)
    if found is None or found.staff_id is None:
        return found
    person = staff.get(uow, found.staff_id)
    return found if person is not None and person.disabled_at is None else None


def accept_password(uow: UnitOfWork, token: str, password: str, *, at: Times) -> Person | Refusal:
    """Sets the password that an invited person chose. A refused one leaves the link good."""
    person = _take(uow, token, "password", at)
    if isinstance(person, Refusal):
        return person
    done = set_password(uow, person, password, by=_self(person), at=at)
    if not isinstance(done, Refusal):
        invitations.use(uow, token_hash(token), at=at.wall)
    return done


def accept_sign_in(uow: UnitOfWork, token: str, *, at: Times) -> Person | Refusal:
    """Uses up a link that signs in; gives who may now be."""
    person = _take(uow, token, "sign_in", at)
    if not isinstance(person, Refusal):
        invitations.use(uow, token_hash(token), at=at.wall)
    return person


def accept_device(
    uow: UnitOfWork, token: str, *, before: Device | None, at: Times
) -> Registered | Refusal:
    """Registers the device that opened the link; what it was `before`, it is no more."""
    found = invited(uow, token, at=at)
    if found is None or found.kind != "device" or found.store is None:
        return Refusal("invitation_over")
    if not invitations.use(uow, found.token_hash, at=at.wall):
        return Refusal("invitation_over")
    if before is not None:
        _retire(uow, before, at)
    secret = new_token()
    device = devices.add(
        uow,
        name=found.name,
        store=found.store,
        token_hash=token_hash(secret),
        by=found.created_by,
        at=at.wall,
    )
    inviter = staff.get(uow, found.created_by) if found.created_by else None
    if inviter is not None:
        desk = Desk(inviter.id, inviter.name, inviter.role, found.store, device.id)
        note(uow, desk, "device_add", now=at.club, device=device.name, at_store=device.store)
    return Registered(device, secret)


def revoke_device(uow: UnitOfWork, device_id: int, *, by: Desk, at: Times) -> Device | Refusal:
    """Takes a device out of service; whoever is signed in on it is out."""
    device = devices.get(uow, device_id)
    if device is None or device.revoked_at is not None:
        return Refusal("device_unknown")
    if not _may_manage_devices(uow, device.store, by):
        return Refusal("not_allowed")
    _retire(uow, device, at)
    note(uow, by, "device_revoke", now=at.club, device=device.name, at_store=device.store)
    return device


def _retire(uow: UnitOfWork, device: Device, at: Times) -> None:
    devices.revoke(uow, device.id, at=at.wall)
    staff_sessions.revoke_of(uow, device_id=device.id, at=at.wall)


def _may_manage_devices(uow: UnitOfWork, store: str, by: Desk) -> bool:
    actor = staff.get(uow, by.staff_id)
    return (
        actor is not None and actor.disabled_at is None and may_manage(actor, Place("staff", store))
    )


def _take(uow: UnitOfWork, token: str, kind: Kind, at: Times) -> Person | Refusal:
    """The person whom the token invites, locked: of two at once the second comes too late."""
    found = invited(uow, token, at=at)
    if found is None or found.kind != kind or found.staff_id is None:
        return Refusal("invitation_over")
    person = staff.lock(uow, found.staff_id)
    if person is None or person.disabled_at is not None:
        return Refusal("invitation_over")
    still = invitations.find(uow, found.token_hash, at=at.wall)
    return person if still is not None else Refusal("invitation_over")


def _self(person: Person) -> Desk:
    return Desk(person.id, person.name, person.role, person.store or "")
