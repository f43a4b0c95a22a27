"""Finished strings in, LINE's message dicts out. No wording of its own, nothing but shapes.

A reply or push takes up to five of these dicts; quick replies belong on its last one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import limits
from .actions import (
    Action,
    ClipboardAction,
    DatePickerAction,
    MessageAction,
    PostbackAction,
    UriAction,
    action_dict,
)
from .colours import INK, MUTED, darkened
from .flex import (
    EMPTY_TEXT,
    SHORT_COLUMNS,
    Part,
    banner,
    big_number,
    box,
    bubble,
    columns,
    flex_message,
    footer,
    has_text,
    hint_box,
    icon_line,
    json_bytes,
    key_value,
    opening,
    picture,
    pill,
    progress_bar,
    separator,
    stamp_card,
    strip,
    text,
    thumbnail,
)
from .views import (
    Banner,
    Button,
    CardMessage,
    ListMessage,
    MessagePicture,
    NoticeMessage,
    PlaceMessage,
    Row,
)

__all__ = [
    "Action",
    "Banner",
    "Button",
    "CardMessage",
    "ClipboardAction",
    "DatePickerAction",
    "ListMessage",
    "MessageAction",
    "MessagePicture",
    "NoticeMessage",
    "PlaceMessage",
    "PostbackAction",
    "RichMenuArea",
    "Row",
    "UriAction",
    "card_message",
    "list_message",
    "notice_message",
    "place_message",
    "rich_menu",
    "text_message",
    "with_quick_replies",
]

Message = dict[str, Any]

#: Longer lists aren't read in a chat.
ROWS_MAX = 20
_BODY_UNITS = 1_500
#: The terms of a club, whole.
_NOTE_UNITS = 1_000
_CELEBRATIONS_MAX = 8
_CELEBRATION_UNITS = 100
_ALT_ROWS = 3


def with_sender(messages: Sequence[Message], sender: Mapping[str, str]) -> list[Message]:
    """The messages as said by `sender` (`name`, `iconUrl`, either of them); an empty one is the
    account itself."""
    if not sender:
        return list(messages)
    return [{**message, "sender": dict(sender)} for message in messages]


def with_quick_replies(message: Message, actions: Sequence[Action]) -> Message:
    """`message` with a row of suggestions below the chat. ValueError for more than 13."""
    if not actions:
        return message
    if len(actions) > limits.QUICK_REPLIES:
        raise ValueError(f"LINE shows at most {limits.QUICK_REPLIES} quick replies")
    short = limits.SHORT_LABEL_GRAPHEMES
    items = [
        {"type": "action", "action": action_dict(action, label_graphemes=short)}
        for action in actions
    ]
    return {**message, "quickReply": {"items": items}}


def text_message(value: str, quick_replies: Sequence[Action] = ()) -> Message:
    """A plain text, cut to LINE's 5,000 units."""
    shown = limits.cut(limits.clean(value).strip(), limits.TEXT_UNITS) or EMPTY_TEXT
    return with_quick_replies({"type": "text", "text": shown}, quick_replies)


def place_message(view: PlaceMessage, quick_replies: Sequence[Action] = ()) -> Message:
    """A place on the map."""
    title, address = (
        limits.cut(limits.clean(words).strip(), limits.PLACE_UNITS) or EMPTY_TEXT
        for words in (view.title, view.address)
    )
    spot = {"latitude": view.latitude, "longitude": view.longitude}
    message = {"type": "location", "title": title, "address": address, **spot}
    return with_quick_replies(message, quick_replies)


def card_message(view: CardMessage, quick_replies: Sequence[Action] = ()) -> Message:
    """The member card: its picture, and below it what the picture doesn't say."""
    body = _body(
        stamp_card(view.stamps, view.accent),
        box([icon_line(line) for line in view.lines], spacing="md") if view.lines else None,
    )
    container = bubble(
        hero=_hero(view.picture), body=body, footer=footer(view.buttons, view.accent)
    )
    return with_quick_replies(flex_message(view.alt_text, container), quick_replies)


def list_message(view: ListMessage, quick_replies: Sequence[Action] = ()) -> Message:
    """A titled list. Rows that don't fit give way to `view.more`."""

    def built(rows: Sequence[Row]) -> Part:
        left_out = len(rows) < len(view.rows)
        body = _body(
            _heading(view.title, view.subtitle),
            _figure(view.big, view.big_caption, view.accent),
            _rows(rows, view.accent) if rows else None,
            _line(view.empty, colour=MUTED) if not view.rows else None,
            _small_print(view.more) if left_out else None,
            hint_box([view.hint], view.accent) if has_text(view.hint) else None,
        )
        return bubble(
            header=None if view.picture else strip(view.accent),
            hero=_hero(view.picture),
            body=body,
            footer=footer(view.buttons, view.accent),
        )

    firsts = [f"{row.left} {row.right}".strip() for row in view.rows[:_ALT_ROWS]]
    said = (
        (view.title, view.big, view.big_caption, *firsts)
        if view.rows
        else (view.title, view.big, view.big_caption, view.empty)
    )
    container = _fitting(built, view.rows)
    return with_quick_replies(flex_message(_alt(view.alt_text, said), container), quick_replies)


def notice_message(view: NoticeMessage, quick_replies: Sequence[Action] = ()) -> Message:
    """One thing said well. Rows that don't fit are left out."""
    celebrations = [line for line in view.celebrations if has_text(line)][:_CELEBRATIONS_MAX]

    look = view.banner if view.picture is None else None
    head = banner(look, [(view.title, "xl", True)]) if look else None
    top = head or (None if view.picture else strip(view.accent))

    def built(rows: Sequence[Row]) -> Part:
        body = _body(
            None if head else _heading(view.title, ""),
            _figure(view.big, view.big_caption, view.accent),
            _line(view.body, units_max=_BODY_UNITS),
            _cheer(celebrations, view.accent) if celebrations else None,
            _rows(rows, view.accent) if rows else None,
            *_next_step(view.next_step, view.progress, view.progress_caption, view.accent),
            _small_print(view.note),
        )
        return bubble(
            header=top,
            hero=_hero(view.picture),
            body=body,
            footer=footer(view.buttons, view.accent),
        )

    said = (view.title, view.big, *celebrations, view.body, view.next_step)
    container = _fitting(built, view.rows)
    return with_quick_replies(flex_message(_alt(view.alt_text, said), container), quick_replies)


def _hero(shown: MessagePicture | None) -> Part | None:
    return picture(shown.url, ratio=shown.ratio, action=shown.action) if shown else None


def _body(*parts: Part | None) -> Part:
    present = [part for part in parts if part is not None]
    return box(present or [text(EMPTY_TEXT)], spacing="lg", paddingAll="20px")


def _heading(title: str, subtitle: str) -> Part:
    below = text(subtitle, size="sm", colour=MUTED) if has_text(subtitle) else None
    return box([text(title, size="lg", bold=True, units_max=120), below], spacing="xs")


def _figure(number: str, caption: str, accent: str) -> Part | None:
    return big_number(number, caption, darkened(accent)) if has_text(number) else None


def _cheer(lines: Sequence[str], accent: str) -> Part:
    return hint_box(lines, accent, bold=True, units_max=_CELEBRATION_UNITS)


def _line(value: str, *, colour: str = INK, units_max: int = 300) -> Part | None:
    if not has_text(value):
        return None
    return text(value, size="sm", colour=colour, units_max=units_max)


def _small_print(value: str) -> Part | None:
    if not has_text(value):
        return None
    return text(value, size="xs", colour=MUTED, units_max=_NOTE_UNITS)


def _next_step(
    sentence: str, progress: float | None, caption: str, accent: str
) -> list[Part | None]:
    """A hairline, then the one next step, its bar, and where one stands."""
    parts = [
        text(sentence, size="sm", bold=True) if has_text(sentence) else None,
        progress_bar(progress, darkened(accent)) if progress is not None else None,
        text(caption, size="xs", colour=MUTED, align="end") if has_text(caption) else None,
    ]
    if not any(parts):
        return []
    return [separator(), box(parts, spacing="sm")]


def _rows(rows: Sequence[Row], accent: str) -> Part:
    parts: list[Part] = []
    for row in rows:
        parts += [_row(row, accent), separator()]
    return box(parts[:-1], spacing="md")


def _row(row: Row, accent: str) -> Part:
    shown = _row_contents(row, accent)
    if row.picture:
        small = thumbnail(row.picture.url, action=row.picture.action)
        aside = box([shown], flex=1, justifyContent="center")
        shown = _side_by_side(small, aside)
    return opening(shown, row.opens, accent) if row.opens else shown


def _row_contents(row: Row, accent: str) -> Part:
    if not has_text(row.note) and row.progress is None and row.action is None and not row.muted:
        return key_value(row.left, row.right) if has_text(row.right) else text(row.left, size="sm")
    ink = MUTED if row.muted else INK
    left = text(row.left, size="sm", colour=ink, flex=1)
    note = text(row.note, size="xs", colour=MUTED) if has_text(row.note) else None
    wide = row.action is None and columns(row.right) > SHORT_COLUMNS
    right = (
        text(row.right, size="sm", colour=ink, bold=True, align="end", flex=1 if wide else 0)
        if has_text(row.right)
        else None
    )
    bar = progress_bar(row.progress, darkened(accent)) if row.progress is not None else None
    if row.action is None:
        # A note has the whole width, and breaks as seldom as may be.
        return box([_side_by_side(left, right), note, bar], spacing="xs")
    main = box([left, note], flex=1, spacing="xs")
    aside = box([right, pill(row.action, accent)], flex=0, spacing="sm")
    return box([_side_by_side(main, aside), bar], spacing="sm")


def _side_by_side(*parts: Part | None) -> Part:
    return box(parts, layout="horizontal", spacing="md")


def _fitting(built: Callable[[Sequence[Row]], Part], rows: Sequence[Row]) -> Part:
    """The bubble with as many of the rows as LINE has room for."""
    count = min(len(rows), ROWS_MAX)
    container = built(rows[:count])
    while count and json_bytes(container) > limits.BUBBLE_BYTES:
        count -= 1
        container = built(rows[:count])
    return container


def _alt(given: str, said: Sequence[str]) -> str:
    return given if has_text(given) else " ".join(part for part in said if has_text(part))


@dataclass(frozen=True, slots=True, kw_only=True)
class RichMenuArea:
    """A rectangle of the menu's picture, in its pixels, and what a tap there does."""

    #: From the left.
    x: int
    #: From the top.
    y: int
    width: int
    height: int
    action: Action


def rich_menu(
    *,
    size: tuple[int, int],
    areas: Sequence[RichMenuArea],
    name: str,
    chat_bar_text: str,
    selected: bool = True,
) -> dict[str, Any]:
    """LINE's rich menu object for a picture of `size` (width, height) pixels.

    `name` is for the owner only; `chat_bar_text` (14 characters) is what opens the menu, which is
    open from the start if `selected`. ValueError for what LINE would refuse.
    """
    width, height = size
    low, high = limits.RICH_MENU_WIDTH
    if not low <= width <= high or height < limits.RICH_MENU_HEIGHT_MIN:
        raise ValueError(f"a rich menu is {low} to {high} pixels wide and at least 250 high")
    if width / height < limits.RICH_MENU_RATIO_MIN:
        raise ValueError("a rich menu must be 1.45 times as wide as high")
    if len(areas) > limits.RICH_MENU_AREAS:
        raise ValueError(f"a rich menu has at most {limits.RICH_MENU_AREAS} areas")
    return {
        "size": {"width": width, "height": height},
        "selected": selected,
        "name": limits.cut(name, limits.RICH_MENU_NAME_UNITS),
        "chatBarText": limits.cut(chat_bar_text, limits.CHAT_BAR_UNITS),
        "areas": [_area(area, size) for area in areas],
    }


def _area(area: RichMenuArea, size: tuple[int, int]) -> dict[str, Any]:
    inside = (
        area.x >= 0
        and area.y >= 0
        and area.width > 0
        and area.height > 0
        and area.x + area.width <= size[0]
        and area.y + area.height <= size[1]
    )
    if not inside:
        raise ValueError("an area of the rich menu lies outside its picture")
    return {
        "bounds": {"x": area.x, "y": area.y, "width": area.width, "height": area.height},
        "action": action_dict(area.action, label_graphemes=limits.SHORT_LABEL_GRAPHEMES),
    }
