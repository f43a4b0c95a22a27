"""Action objects: one table of kinds, one of the places an action may stand in.

Source: LINE's Messaging API reference, "Action objects" and "Specifications of the label".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .checks import (
    WRONG_TYPE,
    Check,
    Kind,
    Path,
    Report,
    check_fields,
    grapheme_length,
    link,
    may,
    need,
    one_of,
    pattern,
    string,
    thing,
)

ALIAS_ID = r"[a-z0-9_-]{1,32}"
DATA = string(least=1, most=300)
TEXT = string(least=1, most=300, length=grapheme_length)

_DATE = r"(19\d\d|20\d\d|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"([01]\d|2[0-3]):[0-5]\d"
PICKER_FORMATS = {
    "date": re.compile(_DATE),
    "time": re.compile(_TIME),
    "datetime": re.compile(f"{_DATE}[Tt]{_TIME}"),
}


def _one_text_only(value: Mapping[str, Any], path: Path, report: Report) -> None:
    if value.get("displayText") is not None and value.get("text") is not None:
        report.add((*path, "text"), "can't be used together with displayText")


def _fill_in_needs_keyboard(value: Mapping[str, Any], path: Path, report: Report) -> None:
    if value.get("fillInText") is not None and value.get("inputOption") != "openKeyboard":
        report.add((*path, "fillInText"), "needs inputOption openKeyboard")


def _picker_values(value: Mapping[str, Any], path: Path, report: Report) -> None:
    wanted = PICKER_FORMATS.get(str(value.get("mode")))
    if wanted is None:
        return
    given = {}
    for name in ("min", "initial", "max"):
        moment = value.get(name)
        if moment is None:
            continue
        if not isinstance(moment, str) or not wanted.fullmatch(moment):
            report.add((*path, name), "invalid date format")
            return
        given[name] = moment.replace("t", "T")
    in_order = [given[name] for name in ("min", "initial", "max") if name in given]
    if in_order != sorted(in_order):
        report.add(path, "min, initial and max must be in order")
    elif "min" in given and given["min"] == given.get("max"):
        report.add((*path, "max"), "must be greater than min")


ACTIONS: Mapping[str, Kind] = {
    "postback": Kind(
        {
            "data": need(DATA),
            "displayText": may(TEXT),
            "text": may(TEXT),
            "inputOption": may(
                one_of("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")
            ),
            "fillInText": may(TEXT),
        },
        rules=(_one_text_only, _fill_in_needs_keyboard),
        strict=True,
    ),
    "message": Kind({"text": need(TEXT)}, strict=True),
    "uri": Kind(
        {
            "uri": need(link()),
            "altUri": may(thing(Kind({"desktop": may(link())}, strict=True))),
        },
        strict=True,
    ),
    "datetimepicker": Kind(
        {
            "data": need(DATA),
            "mode": need(one_of(*PICKER_FORMATS)),
            "initial": may(string()),
            "max": may(string()),
            "min": may(string()),
        },
        rules=(_picker_values,),
        strict=True,
    ),
    "clipboard": Kind({"clipboardText": need(string(least=1, most=1_000))}, strict=True),
    "camera": Kind({}, strict=True),
    "cameraRoll": Kind({}, strict=True),
    "location": Kind({}, strict=True),
    "richmenuswitch": Kind(
        {"richMenuAliasId": need(pattern(ALIAS_ID)), "data": need(DATA)}, strict=True
    ),
}

ANYWHERE = ("postback", "message", "uri", "datetimepicker", "clipboard")


@dataclass(frozen=True)
class ActionPlace:
    """Where an action stands, and what LINE asks of it there."""

    #: Those that may stand there.
    kinds: tuple[str, ...]
    label_required: bool
    #: In grapheme clusters.
    label_max: int


PLACES: Mapping[str, ActionPlace] = {
    "flex button": ActionPlace(ANYWHERE, label_required=True, label_max=40),
    "flex": ActionPlace(ANYWHERE, label_required=False, label_max=40),
    "flex video": ActionPlace(("uri",), label_required=False, label_max=40),
    "quick reply": ActionPlace(
        (*ANYWHERE, "camera", "cameraRoll", "location"), label_required=True, label_max=20
    ),
    "rich menu": ActionPlace((*ANYWHERE, "richmenuswitch"), label_required=False, label_max=20),
    "template": ActionPlace(ANYWHERE, label_required=True, label_max=20),
    "template area": ActionPlace(ANYWHERE, label_required=False, label_max=20),
    "image carousel": ActionPlace(ANYWHERE, label_required=False, label_max=12),
}


def action(place_name: str) -> Check:
    """An action object standing in one of PLACES."""
    place = PLACES[place_name]
    label = string(least=1, most=place.label_max, length=grapheme_length)
    common = {
        "type": need(string()),
        "label": need(label) if place.label_required else may(label),
    }
    kinds = {
        name: Kind({**common, **ACTIONS[name].fields}, ACTIONS[name].rules, strict=True)
        for name in place.kinds
    }

    def check(value: Any, path: Path, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(path, WRONG_TYPE)
            return
        kind = kinds.get(str(value.get("type")))
        if kind is None:
            choices = ", ".join(kinds)
            report.add((*path, "type"), f"Must be one of the following values: [{choices}]")
        else:
            check_fields(value, kind, path, report)

    return check
