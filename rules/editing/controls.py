"""What a form of the programme asks: a control for each field of a model, by its annotation. No
list of fields is kept beside the models, so that whatever the file can say a form can, too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..base import LANGS, leaves
from ..programme.ranks import key_of_words
from ..programme.theme import ART_NAME

#: What has ids in the programme, by which other parts name it.
Named = Literal[
    "ranks", "segments", "stores", "streaks", "rewards", "campaigns", "eco", "surveys", "ages",
    "interests",
]  # fmt: skip
#: By which keys.
NAMED: dict[str, Named] = {
    "ranks": "ranks",
    "segments": "segments",
    "stores": "stores",
    "streak": "streaks",
    "reward": "rewards",
    "campaign": "campaigns",
    "actions": "eco",
    "survey": "surveys",
    "of": "surveys",
    "age_bands": "ages",
    "interests": "interests",
}
#: Where the models bound nothing themselves: the characters of a line, rows, digits after a point.
LINE_MAX, ROWS_MAX, PLACES_MAX = 500, 100, 6
_COLOUR = r"^#[0-9A-Fa-f]{6}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One question of a form."""

    #: Its key in the file's table.
    key: str
    #: The model that it belongs to, by name: together with the key it has a label.
    owner: str
    #: Whether it must be answered.
    needed: bool
    #: What holds where the file doesn't say; None for nothing.
    default: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Control):
    """A line of text. `pattern`: what it must look like, where it must."""

    length_max: int
    pattern: str | None = None

    @property
    def is_colour(self) -> bool:
        return self.pattern == _COLOUR

    @property
    def is_art(self) -> bool:
        return self.pattern == ART_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class BothLanguages(Control):
    """A name or sentence in Japanese and, if the shop likes, in English."""

    length_max: int

    @property
    def is_long(self) -> bool:
        """Whether several sentences have room."""
        return self.length_max > 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Control):
    """A number between `least` and `most`, both included unless `above`: then more than `least`.
    `places`: so many digits after the point."""

    least: Decimal | None = None
    most: Decimal | None = None
    above: bool = False
    places: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Control):
    """Yes or no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Control):
    """A day of the calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeField(Control):
    """A time of the shop's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOption(Control):
    """One of `options`; or of what the programme has by `named`."""

    options: tuple[str, ...] = ()
    named: Named | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOptions(Control):
    """Any of `options`; or of what the programme has by `named`."""

    options: tuple[str, ...] = ()
    named: Named | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Several(Control):
    """Numbers or short words in a row, divided by commas; `fixed`: exactly so many."""

    numbers: bool
    pattern: str | None = None
    fixed: int | None = None

    @property
    def is_colours(self) -> bool:
        return self.pattern == _COLOUR and self.fixed is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Control):
    """Questions that belong together. Where it isn't needed it may be left out as a whole."""

    inside: tuple[Control, ...]

    @property
    def may_be_off(self) -> bool:
        """Whether it is something a programme can do without, rather than have its defaults."""
        return not self.needed and self.default is None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(Control):
    """One of several kinds, each with questions of its own."""

    kinds: dict[str, tuple[Control, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated(Control):
    """Any number of tables with the same questions, `most` at the most. `has_ids`: each has an id
    that the form makes. `by_words`: one of which the file doesn't say it has that of its name."""

    inside: tuple[Control, ...]
    most: int
    has_ids: bool
    by_words: bool = False

    def id_of(self, row: Mapping[str, Any]) -> str:
        """The id that a row has in the file; "" for none."""
        if not self.has_ids or row.get("id") or not self.by_words:
            return str(row.get("id", "")) if self.has_ids else ""
        name = row.get("name")
        return key_of_words(str(name["ja"])) if isinstance(name, Mapping) and "ja" in name else ""


@cache
def controls_of(model: type[BaseModel]) -> tuple[Control, ...]:
    """The controls of a model's fields, in their order. An `id` that names the part is none: the
    form makes it; nor is the `kind` of a model that is one of several."""
    return tuple(
        _control(model, key, field)
        for key, field in model.model_fields.items()
        if not _is_made(key, field) and not is_fixed(field)
    )


def is_fixed(field: FieldInfo) -> bool:
    """Whether only one value can be there, as the kind of a model that is one of several."""
    return get_origin(field.annotation) is Literal and len(get_args(field.annotation)) == 1


def _is_made(key: str, field: FieldInfo) -> bool:
    return key == "id" and get_origin(field.annotation) is not Literal


def has_id(model: type[BaseModel]) -> bool:
    """Whether its parts have an id that the form makes."""
    field = model.model_fields.get("id")
    return field is not None and _is_made("id", field)


def _control(model: type[BaseModel], key: str, field: FieldInfo) -> Control:
    kinds = tuple(leaves(field.annotation))
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    asked: dict[str, Any] = {"key": key, "owner": model.__name__, "default": default}
    asked["needed"] = field.is_required()
    bounds = list(_bounds(field))
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    if len(models) > 1:
        return OneOf(**asked, kinds={kind_of(each): controls_of(each) for each in models})
    if models and set(models[0].model_fields) == set(LANGS):
        most = _bound(list(_bounds(models[0].model_fields["ja"])), "max_length")
        return BothLanguages(**asked, length_max=most)
    if models:
        return Table(**asked, inside=controls_of(models[0]))
    if get_origin(kinds[0]) is tuple:
        return _several(asked, get_args(kinds[0]), bounds)
    return _single(asked, kinds[0], bounds)


def kind_of(model: type[BaseModel]) -> str:
    """What names the model among several, as the file writes it."""
    kind: str = get_args(model.model_fields["kind"].annotation)[0]
    return kind


def as_written(default: Any) -> Any:
    """A default as the file would write it."""
    if hasattr(default, "model_dump"):
        return default.model_dump(exclude_defaults=True)
    if isinstance(default, tuple):
        return [as_written(each) for each in default]
    return int(default) if isinstance(default, Decimal) and default == int(default) else default


def _several(asked: dict[str, Any], parts: tuple[Any, ...], bounds: list[Any]) -> Control:
    part = next(leaves(parts[0]))
    if get_origin(part) is Literal:
        return AnyOptions(**asked, options=tuple(map(str, get_args(part))))
    if isinstance(part, type) and issubclass(part, BaseModel):
        most = _bound(bounds, "max_length")
        most = ROWS_MAX if most is None else most
        own = part.model_fields.get("id")
        return Repeated(
            **asked,
            inside=controls_of(part),
            most=most,
            has_ids=has_id(part),
            by_words=own is not None and not own.is_required(),
        )
    if asked["key"] in NAMED:
        return AnyOptions(**asked, named=NAMED[asked["key"]])
    fixed = None if parts[-1] is Ellipsis else len(parts)
    inside = list(_bounds_in(parts[0]))
    return Several(**asked, numbers=part is int, pattern=_bound(inside, "pattern"), fixed=fixed)


def _single(asked: dict[str, Any], kind: Any, bounds: list[Any]) -> Control:
    if get_origin(kind) is Literal:
        return OneOption(**asked, options=tuple(map(str, get_args(kind))))
    if kind is bool:
        return Switch(**asked)
    if kind in (int, float, Decimal):
        return _number(asked, kind, bounds)
    if kind is date:
        return Day(**asked)
    if kind is time:
        return TimeField(**asked)
    if asked["key"] in NAMED:
        return OneOption(**asked, named=NAMED[asked["key"]])
    most = _bound(bounds, "max_length") or LINE_MAX
    return Line(**asked, length_max=most, pattern=_bound(bounds, "pattern"))


def _number(asked: dict[str, Any], kind: type, bounds: list[Any]) -> Number:
    least, above = _bound(bounds, "ge"), _bound(bounds, "gt")
    places = _bound(bounds, "decimal_places")
    return Number(
        **asked,
        least=_decimal(above if least is None else least),
        most=_decimal(_bound(bounds, "le")),
        above=above is not None,
        places=0 if kind is int else PLACES_MAX if places is None else places,
    )


def _decimal(bound: Any) -> Decimal | None:
    return None if bound is None else Decimal(str(bound))


def _bounds(field: FieldInfo) -> Iterator[Any]:
    """What bounds a field's values, wherever in its annotation it stands."""
    yield from field.metadata
    yield from _bounds_in(field.annotation)


def _bounds_in(annotation: Any) -> Iterator[Any]:
    for each in (annotation, *get_args(annotation)):
        for found in getattr(each, "__metadata__", ()):
            yield from found.metadata if isinstance(found, FieldInfo) else (found,)


def _bound(bounds: list[Any], name: str) -> Any:
    """The first bound of that name, as pydantic and annotated-types call it; None for none."""
    found = (getattr(each, name, None) for each in bounds)
    return next((bound for bound in found if bound is not None), None)
