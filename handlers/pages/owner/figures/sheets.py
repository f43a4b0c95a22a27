"""What the pages below the figures share: what they are asked for, and the way between them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import Response, request

from bot.store.figures import keeping
from rules.figures.standing import RECENCY_DAYS

from ...current import current_club, current_programme
from ...staff.frame.access import may_see, signed
from ..frame import layout
from ..frame.choices import AskedChoice, AskedSelect, open_selects, select_of_stores
from .asked import asked

#: In the order in which they are named on each.
SHEETS = (
    "owner.figures", "owner.cohorts", "owner.figure_grid", "owner.figure_core",
    "owner.figure_funnel", "owner.figure_kinds", "owner.figure_acts",
)  # fmt: skip


def sheet_text(endpoint: str) -> str:
    """The text that names a page."""
    return f"owner.sheets.name.{endpoint.removeprefix('owner.')}"


def select_of(name: str, label: str, choices: Iterable[AskedChoice]) -> AskedSelect:
    """What the address chooses; the first where it names nothing that there is."""
    found = tuple(choices)
    value = request.args.get(name, "")
    known = any(each.value == value for each in found)
    return AskedSelect(name, label, found, value if known else found[0].value)


def store_select() -> AskedSelect:
    """Of which store: a manager has their own alone."""
    chosen = asked()
    return select_of_stores(chosen.stores, chosen.store)


def today() -> date:
    return current_programme().shop.business_date(current_club().now())


def days_back(days: int) -> date:
    """The first of so many days up to today."""
    return today() - timedelta(days=days - 1)


def recency_span(band: int) -> tuple[date | None, date | None]:
    """Between which days somebody last came who is in that band of `RECENCY_DAYS`."""
    last = None if band == 0 else today() - timedelta(days=RECENCY_DAYS[band - 1])
    return (days_back(RECENCY_DAYS[band]) if band < len(RECENCY_DAYS) else None), last


def sheet_page(template: str, selects: tuple[AskedSelect, ...], **values: Any) -> Response:
    """The page `owner/<template>.html` of the figures; `args` is what is asked for, as an address
    says it."""
    role = signed().desk.role
    with current_club().store.read() as uow:
        is_behind = keeping.is_behind(uow)
    return layout.page(
        template,
        selects=open_selects(*selects),
        args={each.name: each.chosen for each in selects if each.chosen},
        sheets=[each for each in SHEETS if may_see(each, role)],
        sheet_text=sheet_text,
        is_behind=is_behind,
        **values,
    )
