"""What a member bought, by lines, as it is handed out to them."""

from typing import Any

from bot.store import UnitOfWork
from bot.store.orders import bought


def bought_data(uow: UnitOfWork, member_id: int) -> list[dict[str, Any]]:
    """All of it, whichever of their cards it was bought with."""
    return [
        {"day": on.isoformat(), **each.line.model_dump(), "returned": each.returned}
        for on, each in bought.held(uow, member_id)
    ]
