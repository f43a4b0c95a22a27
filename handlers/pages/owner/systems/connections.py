"""All tills and web shops that are connected, with how it stands with each."""

from flask.typing import ResponseReturnValue

from bot.store.orders import connections, hints

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import store_name
from ..frame import layout
from ..frame.blueprint import pages
from . import named

layout.place(77, "owner.connections")


@pages.get("/connections", endpoint="connections")
@owner_page
def show_connections() -> ResponseReturnValue:
    club = current_club()
    with club.store.read() as uow:
        found = connections.every(uow)
        waiting = hints.waiting(uow) if found else {}
    return layout.page(
        "connections",
        found=[each for each in found if each.fields.system in named.FORMS],
        systems=[each for each in club.sellers if each in named.FORMS],
        waiting=waiting,
        named=named,
        store_name=store_name,
        done=forms.done_line("owner.connections.done"),
    )
