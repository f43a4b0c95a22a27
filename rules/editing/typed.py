"""What somebody typed into a form, as the table that the file would have of it. What can't be read
stays as it was typed: the check says what is wrong with it, beside its field."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from ..characters import as_typed, one_width
from .controls import (
    AnyOptions,
    BothLanguages,
    Control,
    Day,
    Line,
    Number,
    OneOf,
    OneOption,
    Repeated,
    Several,
    Switch,
    Table,
    TimeField,
    as_written,
)
from .fields import GOES, ROWS, USED
from .ids import new_id

#: A form as the browser sends it: each name with all its values.
Form = Mapping[str, Sequence[str]]

#: A table of which nothing is known.
NOTHING: Mapping[str, Any] = MappingProxyType({})
_BETWEEN = re.compile(r"[\s,、，]+")
_IS_PLACE = re.compile(r"[0-9]{1,4}")
#: What people write around a number that is none of it.
_AROUND = re.compile(r"[\s,，¥円]|ポイント|日|回|人|分|時間|点|%")


def read(
    controls: tuple[Control, ...], form: Form, before: Mapping[str, Any] = NOTHING, at: str = ""
) -> dict[str, Any]:
    """The table of `controls`, without what was left empty, and what holds anyway unless it stood
    in the file `before`. `at` is where its names in the form begin."""
    found = {}
    for control in controls:
        value = _read(control, form, before.get(control.key), f"{at}{control.key}")
        if value is None:
            continue
        if control.needed or control.key in before or value != as_written(control.default):
            found[control.key] = value
    return found


def _read(control: Control, form: Form, before: Any, name: str) -> Any:
    match control:
        case Table():
            return _table(control, form, before, name)
        case OneOf():
            kind, was = _one(form, name), _known(before)
            if kind not in control.kinds:
                return {"kind": kind} if kind else None
            was = was if was.get("kind") == kind else NOTHING
            return {"kind": kind} | read(control.kinds[kind], form, was, f"{name}.")
        case Repeated():
            return list(_rows(control, form, before, name))
        case BothLanguages():
            both = {lang: _one(form, f"{name}.{lang}") for lang in ("ja", "en")}
            said = {lang: text for lang, text in both.items() if text}
            return said or None
        case Switch():
            return _one(form, name) == "on"
        case AnyOptions():
            ticked = [value for value in form.get(name, ()) if value]
            # Nothing at all is not the same as nothing said, where something else would hold.
            return ticked or ([] if control.default or before is not None else None)
        case Several():
            # Two colours are two fields of one name.
            text = ", ".join(form.get(name, ())).strip(" ,")
            return _value(control, text) if text else None
        case _:
            text = _one(form, name)
            return _value(control, text) if text else None


def _table(control: Table, form: Form, before: Any, name: str) -> dict[str, Any] | None:
    if control.may_be_off and _one(form, f"{name}.{USED}") != "on":
        return None
    inside = read(control.inside, form, _known(before), f"{name}.")
    return inside if inside or control.needed or control.may_be_off else None


def _rows(control: Repeated, form: Form, before: Any, name: str) -> Iterator[dict[str, Any]]:
    """The rows in their order; what has an id keeps it. A row in which nothing stands is none."""
    places = [place for place in form.get(f"{name}.{ROWS}", ()) if _IS_PLACE.fullmatch(place)]
    taken = {_one(form, f"{name}.{place}.id") for place in places}
    for place in places[: control.most + 1]:
        here = f"{name}.{place}."
        if _one(form, f"{here}{GOES}"):
            continue
        own = _one(form, f"{here}id")
        inside = read(control.inside, form, _row_before(control, before, own, place), here)
        if not inside:
            continue
        if control.has_ids:
            # Where words can stand for it, the whole programme has a say.
            own = own or ("" if control.by_words else new_id(inside, control.key, taken))
            taken.add(own)
            inside = ({"id": own} if own else {}) | inside
        yield inside


def _row_before(control: Repeated, before: Any, own: str, place: str) -> Mapping[str, Any]:
    """The row that this one was: of the same id, or where rows have none, in the same place."""
    rows = [_known(row) for row in before] if isinstance(before, list) else []
    if own:
        return next((row for row in rows if control.id_of(row) == own), NOTHING)
    return rows[int(place)] if int(place) < len(rows) else NOTHING


def _known(before: Any) -> Mapping[str, Any]:
    return before if isinstance(before, Mapping) else NOTHING


def _one(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[-1].strip() if values else ""


def _value(control: Control, text: str) -> Any:
    match control:
        case Number():
            return number(text, whole=control.places == 0)
        case Day():
            return _parsed(date.fromisoformat, text)
        case TimeField():
            return _parsed(time.fromisoformat, one_width(text))
        case Several():
            parts = [part for part in _BETWEEN.split(text) if part]
            return [number(part, whole=True) for part in parts] if control.numbers else parts
        case Line() if control.pattern:
            return as_typed(text)
        case Line() | OneOption():
            return text
    return text


def number(text: str, *, whole: bool) -> int | float | str:
    """The number somebody typed, in any width, with or without commas; the text where it is
    none."""
    plain = _AROUND.sub("", one_width(text))
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value) > 10**15:
        return text
    if value == value.to_integral_value():
        return int(value)
    return text if whole else float(value)


def _parsed(parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return text
