"""The people who work at the shop: who they are, what they may, and how they get in."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, insert, or_, select, update

from rules.base import Lang

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import staff

Role = Literal["owner", "manager", "staff"]
ROLES: tuple[Role, ...] = ("owner", "manager", "staff")


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One of the staff."""

    id: int
    login: str
    name: str
    role: Role
    #: None is every store.
    store: str | None
    language: Lang
    #: None for who was invited and hasn't chosen a password yet.
    password_hash: str | None
    pin_hash: str | None
    created_at: datetime
    disabled_at: datetime | None
    #: Wrong passwords and PINs in a row.
    failed: int
    #: Until then (wall time) none is looked at.
    locked_until: datetime | None
    #: What their authenticator app shares with us, sealed; None without two-step sign-in.
    totp: str | None = field(default=None, repr=False)
    totp_since: datetime | None = None
    #: The 30 seconds whose code was used last.
    totp_step: int | None = None
    #: What they chose to be called to members; "" where they sign as the store's people.
    public_name: str = ""

    @property
    def has_two_steps(self) -> bool:
        """Whether a password alone doesn't let them in."""
        return self.totp is not None

    @property
    def manages(self) -> bool:
        return self.role in ("owner", "manager")

    @property
    def is_owner(self) -> bool:
        """Whether they are an owner today."""
        return self.role == "owner" and self.disabled_at is None

    def works_at(self, store: str) -> bool:
        return self.store is None or self.store == store


#: The columns in the order in which a StaffMember has them.
COLUMNS = (
    staff.c.id, staff.c.login, staff.c.name, staff.c.role, staff.c.store, staff.c.language,
    staff.c.password_hash, staff.c.pin_hash, staff.c.created_at, staff.c.disabled_at,
    staff.c.failed, staff.c.locked_until, staff.c.totp, staff.c.totp_since, staff.c.totp_step,
    staff.c.public_name,
)  # fmt: skip
_BY_ID = PreparedStatement(select(*COLUMNS).where(staff.c.id == bindparam("staff_id")))


def get(uow: UnitOfWork, staff_id: int) -> StaffMember | None:
    rows = uow.ask(_BY_ID, {"staff_id": staff_id})
    return StaffMember(*rows[0]) if rows else None


def by_login(uow: UnitOfWork, login: str) -> StaffMember | None:
    return _one(uow, staff.c.login == login)


def lock(uow: UnitOfWork, staff_id: int) -> StaffMember | None:
    """The person, theirs alone until the transaction ends."""
    return _one(uow, staff.c.id == staff_id, locked=True)


def everybody(uow: UnitOfWork) -> list[StaffMember]:
    """All who ever worked here, by name; those who left come last."""
    rows = uow.run(select(*COLUMNS).order_by(staff.c.disabled_at.is_not(None), staff.c.name))
    return [StaffMember(*row) for row in rows]


def at_store(uow: UnitOfWork, store: str) -> list[StaffMember]:
    """Who may work at `store` today, by name."""
    return [p for p in everybody(uow) if p.disabled_at is None and p.works_at(store)]


def names(uow: UnitOfWork, *, store: str | None = None) -> dict[int, str]:
    """The names of all who ever worked here, of who may at `store` if given, by id."""
    here = () if store is None else (or_(staff.c.store == store, staff.c.store.is_(None)),)
    return {row.id: row.name for row in uow.run(select(staff.c.id, staff.c.name).where(*here))}


def owners(uow: UnitOfWork) -> int:
    """How many owners there are today. They are locked, so that none leaves meanwhile."""
    active = (staff.c.role == "owner") & staff.c.disabled_at.is_(None)
    return len(uow.run(select(staff.c.id).where(active).with_for_update()).all())


def is_empty(uow: UnitOfWork) -> bool:
    return uow.run(select(staff.c.id).limit(1)).first() is None


def add(
    uow: UnitOfWork,
    *,
    login: str,
    name: str,
    role: Role,
    store: str | None,
    language: Lang,
    at: datetime,
) -> StaffMember | None:
    """Somebody new, who has no password yet; None when the login is taken."""
    row = {
        "login": login,
        "name": name,
        "role": role,
        "store": store,
        "language": language,
        "created_at": at,
    }
    if by_login(uow, login) is not None:
        return None
    staff_id = uow.run(insert(staff).values(row).returning(staff.c.id)).scalar_one()
    return get(uow, staff_id)


def change(uow: UnitOfWork, staff_id: int, **values: Any) -> None:
    """Sets columns of the row by their names."""
    uow.run(update(staff).where(staff.c.id == staff_id).values(**values))


def _one(uow: UnitOfWork, which: Any, *, locked: bool = False) -> StaffMember | None:
    wanted = select(*COLUMNS).where(which)
    row = uow.run(wanted.with_for_update() if locked else wanted).one_or_none()
    return StaffMember(*row) if row else None
