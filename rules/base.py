"""What every part of a programme is built from: strict models, names in two languages, refusals."""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

Lang = Literal["ja", "en"]
LANGS: tuple[Lang, ...] = ("ja", "en")

#: Upper bounds that keep a slip of the finger from becoming a bill: nobody means more than these.
POINTS_MAX = 1_000_000
YEN_MAX = 100_000_000

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Points = Annotated[int, Field(ge=1, le=POINTS_MAX)]
Yen = Annotated[int, Field(ge=0, le=YEN_MAX)]
Count = Annotated[int, Field(ge=1, le=10_000)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _on_the_shops_clock(value: time) -> time:
    if value.tzinfo is not None:
        raise Impossible("clock_time")
    return value


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


ClockTime = Annotated[time, AfterValidator(_on_the_shops_clock)]


class Impossible(ValueError):
    """What can't be so in a part of a programme; `code` names its sentence in the texts
    (`problem.<code>`), `values` are what that says."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Strict(BaseModel):
    """A frozen part of a programme; a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Hours(Strict):
    """A span of the shop's wall clock, half-open; it may run past midnight."""

    start: ClockTime
    end: ClockTime

    @model_validator(mode="after")
    def _not_empty(self) -> "Hours":
        if self.start == self.end:
            raise Impossible("same_times", first="start", second="end")
        return self

    def cover(self, at: time) -> bool:
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def left(self, at: time) -> timedelta:
        """How long it lasts yet, at a time that it covers."""
        minutes = _minutes(self.end) - _minutes(at)
        return timedelta(minutes=minutes % (24 * 60))

    def meets(self, other: "Hours") -> bool:
        """Whether the two have any time in common."""
        return self.cover(other.start) or other.cover(self.start)


class LocalText(Strict):
    """A name or sentence of the shop's own, Japanese first; English falls back to it."""

    ja: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    en: Annotated[str, StringConstraints(max_length=300)] = ""

    def in_(self, lang: Lang) -> str:
        """The text in `lang`, or the Japanese one where the shop wrote no other."""
        return (self.en or self.ja) if lang == "en" else self.ja


@dataclass(frozen=True, slots=True)
class Refusal:
    """A business "no": why, and when it would be a yes."""

    #: Names its sentence in the texts (`refusal.<code>`).
    code: str
    #: When it would be a yes; None when waiting changes nothing.
    again_at: datetime | None = None


def leaves(annotation: Any) -> Iterator[Any]:
    """The alternatives of an annotation, without None and without pydantic's bounds."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from leaves(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for alternative in get_args(annotation):
            yield from leaves(alternative)
    elif annotation is not type(None):
        yield annotation
