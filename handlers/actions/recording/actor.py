"""Who acts for the shop: a member of staff, at a store, on a device."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import UnitOfWork
from bot.store.staff import audit
from bot.store.staff.staff import Role as Role


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is at the counter. `device_id` is None on a device that isn't registered, such as the
    owner's own laptop."""

    staff_id: int
    name: str
    role: Role
    store: str
    device_id: int | None = None

    @property
    def manages(self) -> bool:
        """Whether they may do what needs a manager."""
        return self.role in ("owner", "manager")


def note(
    uow: UnitOfWork,
    desk: Desk,
    action: str,
    *,
    now: datetime,
    key: str | None = None,
    member_id: int | None = None,
    **details: object,
) -> None:
    """Writes into the audit log that `desk` did `action`; see `audit.add`."""
    audit.add(
        uow,
        action,
        at=now,
        staff_id=desk.staff_id,
        device_id=desk.device_id,
        store=desk.store,
        key=key,
        member_id=member_id,
        **details,
    )
