"""Who acts for the shop: a member of staff, at a store, on a device; or a system of the shop's."""

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
    #: Whether every store is theirs to work at.
    everywhere: bool = False

    @property
    def manages(self) -> bool:
        """Whether they may do what needs a manager."""
        return self.role in ("owner", "manager")

    def may_act_at(self, store: str | None) -> bool:
        """Whether what belongs to `store` is theirs to see and change; None: to the whole club."""
        return self.everywhere or store is None or store == self.store

    @property
    def owns(self) -> bool:
        """Whether they may do what needs the owner."""
        return self.role == "owner"


@dataclass(frozen=True, slots=True)
class ApiClient:
    """A system that acts by a key which the owner gave it: a till, a web shop. The history says
    that the API did it, and the outside key which of them."""

    #: Whose key it is; the same for all keys of one system.
    client: int
    #: What the owner calls it.
    name: str
    #: None where every store is theirs.
    store: str | None = None

    def may_act_at(self, store: str | None) -> bool:
        """Whether what belongs to `store` is theirs to see and change; None: to the whole club."""
        return self.store is None or store == self.store

    def key(self, outside: str) -> str:
        """The outside key of what it asks for under a key of its own."""
        return f"api:{self.client}:{outside}"
