"""What every part of a request and of an answer is built from. What the document says of a field is
what holds of it: nothing is accepted that it doesn't name, and nothing is turned into another kind.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    model_validator,
)

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
#: Whatever has an address in the database has a smaller number.
PLACE_MAX = (1 << 31) - 1


def _as_text(value: object) -> object:
    """A moment is text with an offset (RFC 3339), and no number of seconds."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("a date and time with an offset is wanted (RFC 3339)")
    return value


def _open(schema: dict[str, Any]) -> None:
    """A client that is built from the document takes what a later answer has besides, too."""
    schema.pop("additionalProperties", None)


class AnswerPart(BaseModel):
    """Part of an answer, to which others may come."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_open)


class RequestPart(BaseModel):
    """Part of a request's body: nothing stands in for another kind."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _whole_numbers(cls, given: Any) -> Any:
        """6.0 is a whole number of JSON too (RFC 8259 knows but one kind)."""
        if not isinstance(given, dict):
            return given
        return {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in given.items()
        }


class QueryPart(BaseModel):
    """What stands behind the question mark of an address, where all is text."""

    model_config = ConfigDict(frozen=True, extra="forbid")


#: When something happened.
Moment = Annotated[AwareDatetime, Strict(False), BeforeValidator(_as_text)]
#: A text of so many characters, which a database can hold.
_TEXT = r"^[^\x00]*$"
ShortText = Annotated[str, Field(max_length=60, pattern=_TEXT)]
LongText = Annotated[str, Field(max_length=500, pattern=_TEXT)]
CodeText = Annotated[str, Field(min_length=1, max_length=400, pattern=_TEXT)]
#: What the owner called something in the programme.
Name = Annotated[str, Field(max_length=40, pattern=r"^[a-z][a-z0-9_]{0,39}$")]
#: Ten digits, as text: a number would lose a leading zero.
CardNumber = Annotated[
    str, Field(pattern=r"^[0-9]{10}$", description="The card's number: ten digits, as text.")
]


def utc(moment: datetime) -> datetime:
    """The same moment, aware UTC; of one that no calendar has there, the nearest."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        year = 1 if moment.year == 1 else 9999
        return datetime(year, 1, 1, tzinfo=UTC)
