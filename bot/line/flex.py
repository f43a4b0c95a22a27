"""The pieces that a Flex message is built from, each a dict as LINE wants it.

They know LINE's rules (no empty text, sizes, labels) and our look: one accent colour, few sizes,
the same distances everywhere. What to show is `messages`' business.
"""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from . import limits
from .actions import Action, action_dict
from .colours import DANGER, HAIRLINE, INK, MUTED, WHITE, darkened, text_on, tint
from .line_breaks import held_together
from .views import Banner, Button, IconLine, Role, StampRow

Part = dict[str, Any]
Layout = Literal["vertical", "horizontal", "baseline"]

#: LINE refuses a text without characters; a dash says "nothing here" to eyes and screen readers.
EMPTY_TEXT = "–"
#: A line of this many half-width columns still fits beside a text in one row.
SHORT_COLUMNS = 12
#: Two buttons share a row if neither label is longer than this: LINE cuts what is.
PAIR_COLUMNS = 12
_BAR_MIN_PERCENT = 4
#: Stamps in a row, and on a card; the figure says how many more there are.
_A_ROW, _STAMPS_MAX = 10, 20


def has_text(value: str) -> bool:
    """Whether there is anything to read in `value`."""
    return bool(limits.clean(value).strip())


def columns(value: str) -> int:
    """The width of `value` in half-width columns (a kanji takes two)."""
    return sum(
        2 if unicodedata.east_asian_width(char) in "WFA" else 1
        for char in value
        if not unicodedata.combining(char)
    )


def text(
    value: str,
    *,
    size: str = "md",
    colour: str = INK,
    bold: bool = False,
    units_max: int = 300,
    **more: Any,
) -> Part:
    """A wrapping text that grows with the reader's font size, cut to `units_max` UTF-16 units."""
    shown = limits.cut(limits.clean(value).strip(), units_max) or EMPTY_TEXT
    words = held_together(shown)
    part: Part = {"type": "text", "text": words, "size": size, "color": colour, "wrap": True}
    if bold:
        part["weight"] = "bold"
    return {**part, "scaling": True, **more}


def box(contents: Iterable[Part | None], *, layout: Layout = "vertical", **more: Any) -> Part:
    """A box of the given parts; a None among them is left out."""
    parts = [part for part in contents if part is not None]
    return {"type": "box", "layout": layout, "contents": parts, **more}


def separator(**more: Any) -> Part:
    """A hairline."""
    return {"type": "separator", "color": HAIRLINE, **more}


def progress_bar(fraction: float, colour: str, **more: Any) -> Part:
    """A bar filled to `fraction` (0..1, beyond is cut): a little shows once begun, full is full."""
    percent = min(max(int(fraction * 100), 0), 100)
    if fraction > 0:
        percent = max(percent, _BAR_MIN_PERCENT)
    rounded: Part = {"height": "8px", "cornerRadius": "4px"}
    filling = box([], width=f"{percent}%", backgroundColor=colour, **rounded) if percent else None
    return box([filling], backgroundColor=HAIRLINE, **rounded, **more)


def stamp_card(row: StampRow, accent: str) -> Part:
    """How many stamps there are, and a place for each: full ones in the accent colour."""
    places = min(row.places, _STAMPS_MAX)
    rows = [
        box(
            [_stamp(n < row.filled, accent) for n in range(start, min(start + _A_ROW, places))],
            layout="horizontal",
            spacing="sm",
        )
        for start in range(0, places, _A_ROW)
    ]
    caption = text(row.caption, size="xs", colour=MUTED, flex=1, gravity="center")
    figure = text(row.figure, bold=True, colour=darkened(accent), align="end", flex=0)
    head = box([caption, figure], layout="horizontal", spacing="md")
    return box([head, *rows], spacing="sm")


def _stamp(is_full: bool, accent: str) -> Part:
    colour = darkened(accent) if is_full else HAIRLINE
    size: Part = {"width": "18px", "height": "18px", "cornerRadius": "9px", "flex": 0}
    return box([], backgroundColor=colour, **size)


def icon_line(line: IconLine) -> Part:
    """An emoji, what it stands for, and small print below."""
    words = box(
        [
            text(line.text, size="sm"),
            text(line.note, size="xs", colour=MUTED) if has_text(line.note) else None,
        ],
        flex=1,
    )
    icon = text(line.icon, size="sm", flex=0)
    return box([icon, words], layout="horizontal", spacing="md")


def big_number(number: str, caption: str, colour: str) -> Part:
    """One large figure, and what it counts in small print below."""
    return box(
        [
            text(
                number,
                size="3xl",
                colour=colour,
                bold=True,
                units_max=40,
                adjustMode="shrink-to-fit",
            ),
            text(caption, size="xs", colour=MUTED) if has_text(caption) else None,
        ],
        spacing="xs",
    )


def key_value(key: str, value: str, **more: Any) -> Part:
    """What it is on the left, how much on the right; long values wrap."""
    short = columns(value) <= SHORT_COLUMNS
    right = text(value, size="sm", bold=True, align="end", flex=0 if short else 1)
    left = text(key, size="sm", colour=MUTED, flex=1)
    return box([left, right], layout="horizontal", spacing="md", **more)


def hint_box(
    lines: Sequence[str], accent: str, *, bold: bool = False, units_max: int = 300
) -> Part:
    """A tinted box with one line of text per entry."""
    return box(
        [text(line, size="sm", bold=bold, units_max=units_max) for line in lines if has_text(line)],
        backgroundColor=tint(accent),
        cornerRadius="8px",
        paddingAll="12px",
        spacing="sm",
    )


def pill(action: Action, accent: str) -> Part:
    """A small button for the end of a row."""
    label = action_dict(action, label_graphemes=limits.FLEX_LABEL_GRAPHEMES)
    ink = darkened(accent)
    return box(
        [text(label["label"], size="xs", colour=ink, bold=True, align="center")],
        action=label,
        borderColor=ink,
        borderWidth="1px",
        cornerRadius="16px",
        paddingTop="6px",
        paddingBottom="6px",
        paddingStart="12px",
        paddingEnd="12px",
    )


def opening(part: Part, action: Action, accent: str) -> Part:
    """`part` with an arrow at its end; a tap anywhere on it does `action`."""
    arrow = text("›", size="lg", colour=darkened(accent), flex=0, gravity="center")
    return box(
        [{**part, "flex": 1}, arrow],
        layout="horizontal",
        spacing="md",
        alignItems="center",
        action=action_dict(action, label_graphemes=limits.FLEX_LABEL_GRAPHEMES),
    )


def button(shown: Button, accent: str) -> Part:
    """A button, which looks as its role wants."""
    style, colour = _style(shown.role, accent)
    return {
        "type": "button",
        "action": action_dict(shown.action, label_graphemes=limits.FLEX_LABEL_GRAPHEMES),
        "style": style,
        "color": colour,
        "height": "sm",
        "adjustMode": "shrink-to-fit",
    }


def _style(role: Role, accent: str) -> tuple[str, str]:
    """LINE's style for that role, and its colour: of a button's ground, of a link's words."""
    match role:
        case "primary":
            return "primary", darkened(accent)
        case "secondary":
            return "secondary", tint(accent)
        case "link":
            return "link", darkened(accent)
        case "danger":
            return "primary", DANGER


def footer(buttons: Sequence[Button], accent: str) -> Part | None:
    """The buttons below each other; of secondary ones and of links two in a row where they fit."""
    if not buttons:
        return None
    rows: list[list[Part]] = []
    before: Button | None = None
    for shown in buttons:
        if before and _share_a_row(before, shown):
            rows[-1].append(button(shown, accent))
            before = None
        else:
            rows.append([button(shown, accent)])
            before = shown
    lines = [
        row[0] if len(row) == 1 else box(row, layout="horizontal", spacing="sm") for row in rows
    ]
    return box(lines, spacing="sm", paddingAll="20px", paddingTop="0px")


def _share_a_row(one: Button, other: Button) -> bool:
    quiet = one.role == other.role and one.role in ("secondary", "link")
    return quiet and all(columns(each.action.label) <= PAIR_COLUMNS for each in (one, other))


def strip(accent: str) -> Part:
    """The thin line of colour on top of a bubble."""
    return box([], height="6px", paddingAll="0px", backgroundColor=accent)


def banner(look: Banner, contents: Sequence[tuple[str, str, bool]]) -> Part:
    """A gradient header; `contents` are (text, size, bold), empty texts are left out."""
    ink = text_on(look.start, look.end, preferred=look.text_colour)
    return box(
        [
            text(value, size=size, colour=ink, bold=bold, units_max=120)
            for value, size, bold in contents
            if has_text(value)
        ],
        background={
            "type": "linearGradient",
            "angle": "135deg",
            "startColor": look.start,
            "endColor": look.end,
        },
        paddingAll="20px",
        spacing="xs",
    )


def picture(url: str, *, ratio: str, action: Action | None) -> Part:
    """A picture over the whole width, `ratio` as "3:2"; its action's label is spoken, not shown."""
    if limits.utf16_len(url) > limits.IMAGE_URL_UNITS:
        raise ValueError("a picture's URL is too long")
    part: Part = {
        "type": "image",
        "url": url,
        "size": "full",
        "aspectRatio": ratio,
        "aspectMode": "cover",
        "backgroundColor": WHITE,
    }
    if action is not None:
        part["action"] = action_dict(action, label_graphemes=limits.FLEX_LABEL_GRAPHEMES)
    return part


def thumbnail(url: str, *, action: Action | None) -> Part:
    """A picture as a small square, of which what is beyond it is cut off."""
    shown = picture(url, ratio="1:1", action=action)
    return box([shown], width="72px", height="72px", cornerRadius="8px", flex=0)


def bubble(
    *,
    body: Part,
    header: Part | None = None,
    hero: Part | None = None,
    footer: Part | None = None,
    size: Literal["mega", "kilo"] = "mega",
) -> Part:
    """A bubble of the blocks given. Its bytes are counted where it is sent off: `flex_message`."""
    blocks = {"header": header, "hero": hero, "body": body, "footer": footer}
    present = {name: block for name, block in blocks.items() if block is not None}
    return {"type": "bubble", "size": size, **present}


def json_bytes(part: Part) -> int:
    """The size of `part` as it goes over the wire (non-ASCII escaped), the larger way to count."""
    return len(json.dumps(part))


def flex_message(alt_text: str, container: Part) -> Part:
    """The message; `alt_text` is what notifications show. ValueError if it is too big for LINE."""
    is_many = container["type"] == "carousel"
    if json_bytes(container) > (limits.CAROUSEL_BYTES if is_many else limits.BUBBLE_BYTES):
        raise ValueError(f"a {container['type']} is larger than LINE accepts")
    shown = limits.cut(limits.clean(alt_text).strip(), limits.ALT_TEXT_UNITS) or EMPTY_TEXT
    return {"type": "flex", "altText": shown, "contents": container}
