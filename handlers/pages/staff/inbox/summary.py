"""What the cases are about, and how soon they are answered (`/staff/inbox/summary`)."""

from datetime import timedelta

from flask import request
from flask.typing import ResponseReturnValue

from handlers.showing.case_summary import summary_of

from ...current import current_club
from ..frame import layout
from ..frame.access import manager_page
from ..frame.blueprint import pages

#: Spans that can be chosen, in days.
SPANS = (30, 90, 365)


@pages.get("/inbox/summary")
@manager_page
def case_summary() -> ResponseReturnValue:
    wanted = request.args.get("days", "")
    days = next((span for span in SPANS if str(span) == wanted), SPANS[1])
    found = summary_of(current_club(), days=days)
    named = [(layout.words(f"staff.inbox.reason.{each.reason}"), each) for each in found]
    return layout.page("case_summary", days=days, spans=SPANS, found=named, took=_took)


def _took(time: timedelta | None) -> str:
    """How long that is, in hours, or in days from two on; empty for None."""
    if time is None:
        return ""
    hours = time / timedelta(hours=1)
    if hours < 1:
        return layout.words("staff.inbox.summary.minutes", count=round(hours * 60))
    if hours < 48:
        return layout.words("staff.inbox.summary.hours", count=round(hours))
    return layout.words("staff.inbox.summary.days", count=round(hours / 24))
