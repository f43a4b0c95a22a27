"""Invitations: a link, or its QR, that registers a device or lets somebody choose a password.

Each works once and for a short while; the database knows only what its token hashes to.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from bot.store.staff import devices, invitations, staff, staff_sessions
from bot.store.staff.devices import Device
from bot.store.staff.invitations import Invitation, InvitationKind
from bot.store.staff.staff import StaffMember
from handlers.actions.recording.work import Work
from rules.base import Refusal

from ..recording.actor import Actor
from ..recording.log import note
from .signing import new_token, token_hash
from .staffing import Assignment, is_own, lock_to_manage, log, may_manage, retire, set_password

#: A device stands beside whoever invites it; a colleague has a look in the evening.
DEVICE_FOR = timedelta(minutes=30)
PASSWORD_FOR = timedelta(days=3)
SIGN_IN_FOR = timedelta(hours=12)
DEVICE_NAME_MAX = 60


@dataclass(frozen=True, slots=True)
class RegisteredDevice:
    """A device with the token that its cookie holds from now on."""

    device: Device
    token: str


def invite_device(work: Work, *, name: str, store: str, stores: Collection[str]) -> str | Refusal:
    """An invitation for a device of `store`; gives its token."""
    name = name.strip()
    if not name or len(name) > DEVICE_NAME_MAX or not name.isprintable():
        return Refusal("name_invalid")
    if store not in stores:
        return Refusal("store_unknown")
    if not _may_manage_devices(work, store):
        return Refusal("not_allowed")
    token = new_token()
    made = Invitation(
        token_hash(token), "device", name, store, None, work.staff.staff_id, work.wall + DEVICE_FOR
    )
    invitations.add(work.uow, made, at=work.wall)
    note(work, "device_invite", device=name, at_store=store)
    return token


def invite_person(work: Work, staff_id: int) -> str | Refusal:
    """An invitation for a person to choose a (new) password; gives its token."""
    person = lock_to_manage(work, staff_id)
    if isinstance(person, Refusal):
        return person
    if person.disabled_at is not None:
        return Refusal("person_disabled")
    if is_own(person, work.actor):
        return Refusal("own_account")
    token = _invite(work, person, "password", PASSWORD_FOR)
    log(work, "staff_invite", person)
    return token


def invite_to_sign_in(work: Work, person: StaffMember) -> str:
    """A link that signs the person in once: how one gets into the demo club."""
    return _invite(work, person, "sign_in", SIGN_IN_FOR)


def _invite(work: Work, person: StaffMember, kind: InvitationKind, good_for: timedelta) -> str:
    token = new_token()
    made = Invitation(
        token_hash(token),
        kind,
        person.name,
        None,
        person.id,
        work.actor.staff_id if work.actor else None,
        work.wall + good_for,
    )
    invitations.add(work.uow, made, at=work.wall)
    return token


def invitation_of(work: Work, token: str) -> Invitation | None:
    """What a link's token invites to; None when it is too old, used up or none of ours, or when who
    is invited, or who invited them, may no more."""
    invitation = invitations.find(work.uow, token_hash(token), at=work.wall)
    if invitation is None:
        return None
    by, to = (
        staff.get(work.uow, staff_id) if staff_id is not None else None
        for staff_id in (invitation.created_by, invitation.staff_id)
    )
    is_over = any(person is not None and person.disabled_at for person in (by, to))
    return None if is_over or (by is not None and not by.manages) else invitation


def accept_password(work: Work, token: str, kept: str) -> StaffMember | Refusal:
    """Sets the password that an invited person chose, as `password_to_keep` gave it."""
    person = _take(work, token, "password")
    if isinstance(person, Refusal):
        return person
    set_password(work.acting(_self(person)), person, kept)
    invitations.use(work.uow, token_hash(token), at=work.wall)
    return person


def accept_sign_in(work: Work, token: str) -> StaffMember | Refusal:
    """Uses up a link that signs in; gives who may now be."""
    person = _take(work, token, "sign_in")
    if not isinstance(person, Refusal):
        invitations.use(work.uow, token_hash(token), at=work.wall)
    return person


def accept_device(work: Work, token: str, *, before: Device | None) -> RegisteredDevice | Refusal:
    """Registers the device that opened the link; what it was `before`, it is no more."""
    invitation = invitation_of(work, token)
    if invitation is None or invitation.kind != "device" or invitation.store is None:
        return Refusal("invitation_over")
    if not invitations.use(work.uow, invitation.token_hash, at=work.wall):
        return Refusal("invitation_over")
    if before is not None:
        retire(work, before)
    secret = new_token()
    device = devices.add(
        work.uow,
        name=invitation.name,
        store=invitation.store,
        token_hash=token_hash(secret),
        by=invitation.created_by,
        at=work.wall,
    )
    inviter = staff.get(work.uow, invitation.created_by) if invitation.created_by else None
    if inviter is not None:
        desk = Actor(inviter.id, inviter.name, inviter.role, invitation.store, device.id)
        note(
            work.acting(desk),
            "device_add",
            device=device.name,
            at_store=device.store,
        )
    return RegisteredDevice(device, secret)


def revoke_device(work: Work, device_id: int) -> Device | Refusal:
    """Takes a device out of service; whoever is signed in on it is out."""
    device = devices.get(work.uow, device_id)
    if device is None or device.revoked_at is not None:
        return Refusal("device_unknown")
    if not _may_manage_devices(work, device.store):
        return Refusal("not_allowed")
    retire(work, device)
    note(work, "device_revoke", device=device.name, at_store=device.store)
    return device


def ask_pin(work: Work, device_id: int, asks: bool) -> Device | Refusal:
    """Sets whether everybody gives a PIN or a password on the device. Who is in by a tap alone
    isn't any more."""
    device = devices.get(work.uow, device_id)
    if device is None or device.revoked_at is not None:
        return Refusal("device_unknown")
    if not _may_manage_devices(work, device.store):
        return Refusal("not_allowed")
    devices.ask_pin(work.uow, device.id, asks)
    if asks:
        staff_sessions.revoke_of(work.uow, device_id=device.id, at=work.wall)
    did = "device_asks_pin" if asks else "device_asks_none"
    note(work, did, device=device.name, at_store=device.store)
    return device


def _may_manage_devices(work: Work, store: str) -> bool:
    actor = staff.get(work.uow, work.staff.staff_id)
    return (
        actor is not None
        and actor.disabled_at is None
        and may_manage(actor, Assignment("staff", store))
    )


def _take(work: Work, token: str, kind: InvitationKind) -> StaffMember | Refusal:
    """The person whom the token invites, locked: of two at once the second comes too late."""
    invitation = invitation_of(work, token)
    if invitation is None or invitation.kind != kind or invitation.staff_id is None:
        return Refusal("invitation_over")
    person = staff.lock(work.uow, invitation.staff_id)
    if person is None or person.disabled_at is not None:
        return Refusal("invitation_over")
    still = invitations.find(work.uow, invitation.token_hash, at=work.wall)
    return person if still is not None else Refusal("invitation_over")


def _self(person: StaffMember) -> Actor:
    return Actor(person.id, person.name, person.role, person.store or "")
