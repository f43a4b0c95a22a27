"""All receivers, with how it stands with each."""

from flask.typing import ResponseReturnValue

from bot.store.hooks import deliveries, endpoints
from bot.store.hooks.endpoints import HookEndpoint

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import store_name
from ..frame import layout
from ..frame.blueprint import pages
from . import named

layout.place(78, "owner.hooks")


def state_of(endpoint: HookEndpoint) -> str:
    """In a word: off, failing, new or well."""
    if not endpoint.is_on:
        return "off"
    if endpoint.failures:
        return "failing"
    return "well" if endpoint.taken_at else "new"


@pages.get("/webhooks", endpoint="hooks")
@owner_page
def show_hooks() -> ResponseReturnValue:
    with current_club().store.read() as uow:
        found = endpoints.every(uow)
        waiting = deliveries.waiting(uow) if found else {}
    return layout.page(
        "hooks",
        receivers=found,
        waiting=waiting,
        named=named,
        state_of=state_of,
        store_name=store_name,
        done=forms.done_line("owner.hooks.done"),
    )
