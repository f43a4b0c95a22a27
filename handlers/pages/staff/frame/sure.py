"""Asking twice: a figure that nobody enters every day is shown once more before it counts."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from ...current import current_club, current_programme
from . import forms, layout
from .access import signed
from .words import refusal_here

#: What of a form isn't sent again with the answer: the page has a token, and an answer, of its own.
_OWN = ("csrf_token", "sure")


def amount_asked(*, back: str) -> ResponseReturnValue | None:
    """The page that asks whether the form's amount is meant; None where nobody need be asked, or
    mayn't enter it at all. `back` is where they go instead."""
    limits, yen = current_programme().limits, forms.yen("yen")
    if yen > limits.amount_yen_max and not signed().desk.manages:
        return None
    return _ask("amount_unsure", yen, back=back) if limits.asks_amount(yen) else None


def points_asked(points: int, *, back: str) -> ResponseReturnValue | None:
    """The same of points by hand."""
    limits = current_programme().limits
    if abs(points) > limits.points_max and not signed().desk.owns:
        return None
    return _ask("points_unsure", points, back=back) if limits.asks_points(points) else None


def _ask(code: str, figure: int, *, back: str) -> ResponseReturnValue | None:
    asking = asked_again(figure)
    no = refusal_here(code, count=figure)
    return layout.page("sure", no=no, back=back, **asking) if asking else None


def asked_again(figure: int) -> dict[str, Any]:
    """What the form that asks again about the figure is drawn from; empty where yes was said to it.
    Yes is said to this very figure, and on this business day: a page of yesterday asks anew."""
    now = current_club().now()
    sure = f"{figure} {current_programme().shop.business_date(now)}"
    if forms.field("sure", 40) == sure:
        return {}
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in _OWN]
    return {"sent": sent, "sure": sure, "action": request.path}
