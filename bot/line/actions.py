"""What happens when a member taps: one small value for buttons, quick replies and menu areas.

An action carries its own label; where it is put decides how long the label may be. What comes back
to us (postback data, a sent text, a link) is refused when too long, since half of it would be
wrong; what is only read is cut.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.characters import graphemes

from . import limits

_LINK = re.compile(r"(https?|line)://[!-~]+|tel:[!-~]+")


def _not_longer(what: str, length: int, limit: int) -> None:
    if not 1 <= length <= limit:
        raise ValueError(f"{what} must have 1 to {limit} characters, not {length}")


@dataclass(frozen=True, slots=True)
class PostbackAction:
    """Sends `data` to us unseen; `display_text` appears in the chat as if the member wrote it."""

    label: str
    data: str
    display_text: str = ""

    def __post_init__(self) -> None:
        _not_longer("postback data", limits.utf16_len(self.data), limits.POSTBACK_DATA_UNITS)

    def fields(self) -> Mapping[str, Any]:
        shown = limits.cut(limits.clean(self.display_text).strip(), limits.DISPLAY_TEXT_UNITS)
        return {"type": "postback", "data": self.data} | ({"displayText": shown} if shown else {})


@dataclass(frozen=True, slots=True)
class ClipboardAction:
    """Copies `text` to the telephone's clipboard."""

    label: str
    text: str = field(repr=False)

    def __post_init__(self) -> None:
        _not_longer("what is copied", len(self.text), limits.CLIPBOARD_LENGTH)

    def fields(self) -> Mapping[str, Any]:
        return {"type": "clipboard", "clipboardText": self.text}


@dataclass(frozen=True, slots=True)
class MessageAction:
    """Sends `text` as the member's own message."""

    label: str
    text: str

    def __post_init__(self) -> None:
        _not_longer(
            "a message action's text",
            len(graphemes(self.text)),
            limits.ACTION_TEXT_GRAPHEMES,
        )

    def fields(self) -> Mapping[str, Any]:
        return {"type": "message", "text": self.text}


@dataclass(frozen=True, slots=True)
class UriAction:
    """Opens `uri` (http, https, line or tel) in LINE's browser, LINE itself or the telephone."""

    label: str
    uri: str

    def __post_init__(self) -> None:
        _not_longer("a link", limits.utf16_len(self.uri), limits.URI_UNITS)
        if not _LINK.fullmatch(self.uri):
            raise ValueError("a link must be percent-encoded http, https, line or tel")

    def fields(self) -> Mapping[str, Any]:
        return {"type": "uri", "uri": self.uri}


@dataclass(frozen=True, slots=True)
class DatePickerAction:
    """Lets the member pick a day, which comes back as a postback with `data`."""

    label: str
    data: str
    #: Where it opens.
    initial: date | None = None
    #: The earliest day to choose; LINE itself allows none before 1900-01-01.
    first: date | None = None
    #: The latest; LINE itself allows none after 2100-12-31.
    last: date | None = None

    def __post_init__(self) -> None:
        _not_longer("postback data", limits.utf16_len(self.data), limits.POSTBACK_DATA_UNITS)
        first = self.first or date.fromisoformat(limits.DATE_PICKER_FIRST)
        last = self.last or date.fromisoformat(limits.DATE_PICKER_LAST)
        if not first < last:
            raise ValueError("the first day must be before the last one")
        for day in (first, last, self.initial or first):
            if not max(first.isoformat(), limits.DATE_PICKER_FIRST) <= day.isoformat():
                raise ValueError(f"{day} is before the first day that can be picked")
            if not day.isoformat() <= min(last.isoformat(), limits.DATE_PICKER_LAST):
                raise ValueError(f"{day} is after the last day that can be picked")

    def fields(self) -> Mapping[str, Any]:
        days = {"initial": self.initial, "min": self.first, "max": self.last}
        chosen = {name: day.isoformat() for name, day in days.items() if day is not None}
        return {"type": "datetimepicker", "mode": "date", "data": self.data, **chosen}


Action = PostbackAction | ClipboardAction | MessageAction | UriAction | DatePickerAction


def action_dict(action: Action, *, label_graphemes: int) -> dict[str, Any]:
    """LINE's action object, its label cut to `label_graphemes`. ValueError if it has none."""
    label = limits.cut_graphemes(limits.clean(action.label).strip(), label_graphemes)
    if not label:
        raise ValueError("an action needs a label")
    return {**action.fields(), "label": label}
