"""A form as a browser would send it, if nobody changed anything in it."""

from collections.abc import Iterable

from rules.editing.controls import AnyOptions, BothLanguages, Repeated, Several, Switch, Table
from rules.editing.fields import ROWS, USED, FormField


def sent(fields: Iterable[FormField]) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    _fill(fields, form)
    return form


def _fill(fields: Iterable[FormField], form: dict[str, list[str]]) -> None:
    for field in fields:
        match field.control:
            case Table(may_be_off=True) if not field.value:
                continue
            case Table(may_be_off=True):
                form[f"{field.name}.{USED}"] = ["on"]
            case Repeated():
                _fill_rows(field, form)
            case BothLanguages():
                both = field.value if isinstance(field.value, tuple) and field.value else ("", "")
                form |= {f"{field.name}.{lang}": [both[n]] for n, lang in enumerate(("ja", "en"))}
            case Switch() if not field.value:
                continue
            case control:
                form |= {} if isinstance(control, Table) else {field.name: _values(field)}
        _fill(field.inside, form)


def _fill_rows(field: FormField, form: dict[str, list[str]]) -> None:
    for row in field.rows:
        form.setdefault(f"{field.name}.{ROWS}", []).append(row.place)
        if row.id:
            form[f"{row.name}.id"] = [row.id]
        _fill(row.inside, form)


def _values(field: FormField) -> list[str]:
    match field.control, field.value:
        case Switch(), _:
            return ["on"]
        case AnyOptions(), tuple(ticked):
            return list(ticked)
        case Several(is_colours=True), str(text):
            return text.split(", ")
    return [str(field.value)]
