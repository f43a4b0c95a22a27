"""Who acts for the shop: a member of staff, at a store, on a device."""

from dataclasses import dataclass

from bot.store.staff.staff import Role as Role


@dataclass(frozen=True, slots=True)
class Actor:
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

    @property
    def owns(self) -> bool:
        """Whether they may do what needs the owner."""
        return self.role == "owner"
