"""A form filled in: for each control what stands in it, and what is wrong with that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .controls import (
    AnyOptions,
    BothLanguages,
    Control,
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

#: What is asked first though nobody must say it: what an owner thinks of.
_FIRST = {
    "body", "cost", "ends", "given", "heading", "hours", "limit", "off", "offer", "points",
    "starts", "title", "valid_days", "weekdays",
}  # fmt: skip
#: How names in a form say that a table is used, which rows there are, and that one goes.
USED, ROWS, GOES = "__used", "__rows", "__goes"
#: And which picture is handed in for it, or that it is to have none.
FILE, NO_FILE = "__file", "__none"


@dataclass(frozen=True, slots=True)
class FormField:
    """A control as a form shows it."""

    control: Control
    #: Its name in the form: the keys that lead to it, with dots.
    name: str
    #: What stands in it: text, whether it is on, or what of several is chosen.
    value: str | bool | tuple[str, ...] = ""
    #: What is wrong with it; "" for nothing.
    problem: str = ""
    #: Of a table, or of the kind that is chosen.
    inside: tuple["FormField", ...] = ()
    rows: tuple["FormRow", ...] = ()
    #: Whether the file says something of it.
    is_said: bool = False

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong with it, or in it."""
        inside = (*self.inside, *(each for row in self.rows for each in row.inside))
        return bool(self.problem) or any(each.is_wrong for each in inside)

    @property
    def comes_first(self) -> bool:
        """Whether it is asked before what most leave as it is."""
        first = self.control.needed or self.control.key in _FIRST
        return first or self.is_said or self.is_wrong


@dataclass(frozen=True, slots=True)
class FormRow:
    """One of a control's rows: its place in the form, and the id it has already ("" for none)."""

    name: str
    id: str
    inside: tuple[FormField, ...]
    problem: str = ""
    #: Whether nothing stands in it yet.
    is_new: bool = False

    @property
    def place(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def title(self) -> str:
        """What it is called, as somebody named it; "" for what has no name."""
        named = (each.value for each in self.inside if each.control.key in ("name", "text"))
        return next((both[0] for both in named if isinstance(both, tuple) and both), "")

    @property
    def is_wrong(self) -> bool:
        return bool(self.problem) or any(each.is_wrong for each in self.inside)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form is filled with: a table as the file has it, or as somebody typed it."""

    values: Mapping[str, Any]
    #: What is wrong, by the name of the field (`award.points`).
    problems: Mapping[str, str] = field(default_factory=dict)

    def fields(self, controls: tuple[Control, ...]) -> tuple[FormField, ...]:
        """The whole form."""
        return tuple(self._fields(controls, self.values, ""))

    def _fields(
        self, controls: tuple[Control, ...], values: Mapping[str, Any], prefix: str
    ) -> Iterator[FormField]:
        for control in controls:
            filled = self._field(control, values, f"{prefix}{control.key}")
            yield replace(filled, is_said=control.key in values)

    def _field(self, control: Control, values: Mapping[str, Any], name: str) -> FormField:
        value, wrong = values.get(control.key), self.problems.get(name, "")
        match control:
            case Table():
                inside = tuple(self._fields(control.inside, _table(value), f"{name}."))
                return FormField(control, name, _is_on(control, value), wrong, inside)
            case OneOf():
                table = _table(value)
                kind = str(table.get("kind", ""))
                inside = tuple(self._fields(control.kinds.get(kind, ()), table, f"{name}."))
                wrong = wrong or self.problems.get(f"{name}.kind", "")
                return FormField(control, name, kind, wrong, inside)
            case Repeated():
                return FormField(
                    control, name, "", wrong, rows=tuple(self._rows(control, value, name))
                )
            case BothLanguages():
                table = _table(value)
                wrong = wrong or self.problems.get(f"{name}.ja", "") or self.problems.get(
                    f"{name}.en", ""
                )  # fmt: skip
                both = (str(table.get("ja", "")), str(table.get("en", "")))
                return FormField(control, name, both, wrong)
            case _:
                return FormField(control, name, shown(control, value), wrong or self._within(name))

    def _within(self, name: str) -> str:
        """What is wrong with one of several in a row."""
        found = (said for path, said in self.problems.items() if path.startswith(f"{name}["))
        return next(found, "")

    def _rows(self, control: Repeated, value: Any, name: str) -> Iterator[FormRow]:
        # Where the file says nothing, the rows that then hold.
        value = as_written(control.default) if value is None else value
        rows = list(value if isinstance(value, list | tuple) else ())
        # One more than there are, for whoever adds one.
        for place, row in enumerate([*rows, {}][: control.most]):
            table, here = _table(row), f"{name}.{place}"
            inside = tuple(self._fields(control.inside, table, f"{here}."))
            own, problem = control.id_of(table), self.problems.get(here, "")
            yield FormRow(here, own, inside, problem, is_new=place >= len(rows))


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_on(control: Table, value: Any) -> bool:
    return value is not None or not control.may_be_off


def shown(control: Control, value: Any) -> str | bool | tuple[str, ...]:
    """A value as the control shows it; where the file says nothing, what then holds."""
    value = control.default if value is None else value
    match control:
        case Switch():
            return bool(value)
        case AnyOptions():
            return tuple(map(str, value or ()))
        case Several():
            return ", ".join(map(str, value or ()))
        case TimeField():
            return "" if value is None else str(value)[:5]
        case Number() | OneOption() | Line():
            return "" if value is None else str(value)
    return "" if value is None else str(value)
