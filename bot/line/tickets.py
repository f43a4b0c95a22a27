"""Tickets side by side, as a carousel: each fits its share of what LINE takes, whatever it says."""

from collections.abc import Sequence

from . import limits
from .actions import Action
from .colours import HAIRLINE, INK, MUTED, WHITE, darkened, tint
from .flex import (
    Part,
    box,
    bubble,
    flex_message,
    footer,
    has_text,
    json_bytes,
    progress_bar,
    separator,
    text,
)
from .messages import Message, with_quick_replies
from .views import Ticket, TicketsMessage

TICKETS_MAX = limits.CAROUSEL_BUBBLES
#: What is left of a twelfth when the carousel around the bubbles has had its own.
_BYTES_MAX = limits.CAROUSEL_BYTES // TICKETS_MAX - 10
_TITLE_UNITS = 60
_BODY_UNITS = 60
_FIGURE_UNITS = 24
_STATE_UNITS = 40
_LINE_UNITS = 80
_ALT_TICKETS = 3


def tickets_message(view: TicketsMessage, quick_replies: Sequence[Action] = ()) -> Message:
    """The carousel. ValueError for more tickets than LINE shows, or none."""
    if not 1 <= len(view.tickets) <= TICKETS_MAX:
        raise ValueError(f"a carousel has 1 to {TICKETS_MAX} bubbles")
    bubbles = [_fitting(ticket, view.accent) for ticket in view.tickets]
    said = (view.title, *(ticket.title for ticket in view.tickets[:_ALT_TICKETS]))
    container = {"type": "carousel", "contents": bubbles}
    return with_quick_replies(flex_message(" ".join(said), container), quick_replies)


def _fitting(ticket: Ticket, accent: str) -> Part:
    """The ticket's bubble with as many of its lines as its share has room for."""
    for count in range(len(ticket.lines), 0, -1):
        shown = _bubble(ticket, ticket.lines[:count], accent)
        if json_bytes(shown) <= _BYTES_MAX:
            return shown
    return _bubble(ticket, (), accent)


def _bubble(ticket: Ticket, lines: Sequence[str], accent: str) -> Part:
    ground, ink = {
        "full": (darkened(accent), WHITE),
        "light": (tint(accent), darkened(accent, on=tint(accent))),
        "grey": (HAIRLINE, darkened(MUTED, on=HAIRLINE)),
    }[ticket.tone]
    head = box(
        [text(ticket.state, size="xs", colour=ink, bold=True, units_max=_STATE_UNITS)],
        backgroundColor=ground,
        paddingAll="12px",
        paddingStart="20px",
        paddingEnd="20px",
    )
    body = box(
        [_what(ticket, accent), *_conditions(lines)],
        spacing="md",
        paddingAll="20px",
    )
    below = footer([ticket.button], accent) if ticket.button else None
    return bubble(header=head, body=body, footer=below, size="kilo")


def _what(ticket: Ticket, accent: str) -> Part:
    body = text(ticket.body, size="sm", colour=MUTED, units_max=_BODY_UNITS)
    ink = MUTED if ticket.tone == "grey" else darkened(accent)
    figure = text(ticket.figure, bold=True, colour=ink, units_max=_FIGURE_UNITS)
    bar = None
    if ticket.progress is not None:
        bar = progress_bar(ticket.progress, darkened(accent), margin="md")
    return box(
        [
            text(ticket.title, size="lg", bold=True, colour=INK, units_max=_TITLE_UNITS),
            body if has_text(ticket.body) else None,
            figure if has_text(ticket.figure) else None,
            bar,
        ],
        spacing="sm",
    )


def _conditions(lines: Sequence[str]) -> list[Part]:
    shown = [text(line, size="xs", colour=MUTED, units_max=_LINE_UNITS) for line in lines]
    return [separator(), box(shown, spacing="xs")] if shown else []
