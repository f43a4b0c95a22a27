"""A question that is answered by a number: the numbers side by side, large enough for a thumb."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import limits
from .actions import Action, PostbackAction, action_dict
from .colours import MUTED, darkened, tint
from .flex import Part, box, bubble, flex_message, footer, has_text, strip, text
from .messages import Message, with_quick_replies
from .views import Button

#: So many numbers stand in a row, each about as wide as a fingertip on a phone of 360 points.
_A_ROW = 6


@dataclass(frozen=True, slots=True)
class ScaleMessage:
    """A question with the numbers to choose from, each action's label one of them."""

    title: str
    #: Which question of how many; empty for none.
    subtitle: str
    question: str
    cells: tuple[PostbackAction, ...]
    #: What the lowest and the highest number mean; empty where nothing is said.
    ends: tuple[str, str]
    buttons: tuple[Button, ...]
    accent: str


def scale_message(view: ScaleMessage, quick_replies: Sequence[Action] = ()) -> Message:
    """The question's bubble."""
    head = box(
        [
            text(view.title, size="lg", bold=True, units_max=120),
            text(view.subtitle, size="xs", colour=MUTED) if has_text(view.subtitle) else None,
        ],
        spacing="xs",
    )
    body = box(
        [head, text(view.question, size="md"), _ends(view), _cells(view)],
        spacing="lg",
        paddingAll="20px",
    )
    container = bubble(
        header=strip(view.accent), body=body, footer=footer(view.buttons, view.accent)
    )
    alt = limits.cut(f"{view.title} {view.question}", limits.ALT_TEXT_UNITS)
    return with_quick_replies(flex_message(alt, container), quick_replies)


def _ends(view: ScaleMessage) -> Part | None:
    if not any(has_text(end) for end in view.ends):
        return None
    least, most = (
        f"{cell.label} {end}" if has_text(end) else cell.label
        for cell, end in zip((view.cells[0], view.cells[-1]), view.ends, strict=True)
    )
    return box(
        [
            text(least, size="xs", colour=MUTED, flex=1),
            text(most, size="xs", colour=MUTED, flex=1, align="end"),
        ],
        layout="horizontal",
        spacing="md",
    )


def _cells(view: ScaleMessage) -> Part:
    """The numbers in rows of equal cells."""
    count = len(view.cells)
    per_row = count if count <= _A_ROW else -(-count // -(-count // _A_ROW))
    rows = [
        _row(view.cells[start : start + per_row], per_row, view.accent)
        for start in range(0, count, per_row)
    ]
    return box(rows, spacing="sm")


def _row(cells: Sequence[PostbackAction], per_row: int, accent: str) -> Part:
    shown: list[Part] = [_cell(cell, accent) for cell in cells]
    shown += [box([], flex=1) for _ in range(per_row - len(cells))]
    return box(shown, layout="horizontal", spacing="sm")


def _cell(action: PostbackAction, accent: str) -> Part:
    ground = tint(accent)
    number = text(
        action.label, size="lg", bold=True, align="center", colour=darkened(accent, on=ground)
    )
    return box(
        [number],
        action=action_dict(action, label_graphemes=limits.FLEX_LABEL_GRAPHEMES),
        backgroundColor=ground,
        cornerRadius="8px",
        paddingTop="12px",
        paddingBottom="12px",
        flex=1,
    )
