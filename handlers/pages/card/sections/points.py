"""Points: how many, when they go, and what each of them was given for."""

from flask.typing import ResponseReturnValue

from bot.store.history import ledger
from bot.store.members import members
from handlers.actions.telling.warnings import note_shown
from handlers.showing.point_views import lots_by_day, points_view
from handlers.showing.viewer import Viewer
from rules.programme.points import Lot, expiry_of, warning_due
from rules.wording.texts import show

from ...current import current_club
from ..frame import page
from ..reader import pages
from ..session import member_page


@pages.get("/card/points")
@member_page
def points(viewer: Viewer) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        found = ledger.open_lots_by_rule(uow, viewer.member.id)
    lots = tuple(lot for lot, _ in found)
    if _owes_a_warning(viewer, lots):
        _note_shown(viewer)
    return page(
        viewer,
        "sections/points",
        balance=show(viewer.lang, viewer.facts.balance),
        view=points_view(viewer, lots),
        days=lots_by_day(viewer, found),
        programme_url=f"/programme?lang={viewer.lang}",
    )


def _owes_a_warning(viewer: Viewer, lots: tuple[Lot, ...]) -> bool:
    policy, day = viewer.programme.points, viewer.day
    due = ((lot, expiry_of(policy, lot, viewer.facts)) for lot in lots)
    return any(on is not None and warning_due(policy, lot, on, day) for lot, on in due)


def _note_shown(viewer: Viewer) -> None:
    """Whom no message reaches is warned by this page."""
    with current_club().work("member") as work:
        member = members.lock(work.uow, viewer.member.id)
        note_shown(work, member, ledger.open_lots(work.uow, member.id))
