"""Birthdays: reading what people write, and when one has come."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from ..base import Refusal, Strict
from ..characters import one_width
from ..facts import Birthday
from ..shop import day_in_year

#: Year before the first of each era (国立国会図書館「日本の暦」: 明治 from 1868 … 令和 from 2019).
_ERAS = {
    "明治": 1867, "m": 1867, "大正": 1911, "t": 1911, "昭和": 1925, "s": 1925,
    "平成": 1988, "h": 1988, "令和": 2018, "r": 2018,
}  # fmt: skip
_FULL = re.compile(r"^(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?$")
_PLAIN = re.compile(r"^(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)$")
_SHORT = re.compile(r"^(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?$")
_ERA = re.compile(
    r"^(?P<era>明治|大正|昭和|平成|令和|[mtshr])(?P<year>\d{1,2}|元)[-/.年]"
    r"(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?$"
)
#: Figures, and what stands between them.
_TRY = re.compile(r"(?:[\d\s./\-年月日元]|明治|大正|昭和|平成|令和|[mtshr](?=\d))+")

#: Nobody alive is older; a year before that is a slip.
AGE_MAX = 120


class ProfilePolicy(Strict):
    """How often a birthday may be corrected, and whether the month or the day is celebrated.

    Below `guardian_age` years the member is asked for a guardian's consent.
    """

    birthday_changes_max: Annotated[int, Field(ge=0, le=10)] = 1
    birthday_is: Literal["month", "day"] = "month"
    guardian_age: Annotated[int, Field(ge=0, le=20)] = 16


def read_birthday(text: str) -> tuple[int | None, int, int] | None:
    """`(year or None, month, day)` of what someone wrote; None when it is no date.

    Knows 1983-05-12, 1983年5月12日, 19830512, 5月12日, 5/12, 昭和58年5月12日, S58.5.12, any width.
    """
    plain = one_width(text).strip().lower().replace(" ", "")
    for pattern in (_FULL, _PLAIN, _SHORT, _ERA):
        if match := pattern.match(plain):
            return _real(match.groupdict())
    return None


def looks_like_a_date(text: str) -> bool:
    """Whether it is a date or a try at one: of nothing but what dates are written with."""
    plain = one_width(text).strip().lower()
    return read_birthday(text) is not None or _TRY.fullmatch(plain) is not None


def _real(parts: dict[str, str]) -> tuple[int | None, int, int] | None:
    year: int | None = None
    if "era" in parts:
        year = _ERAS[parts["era"]] + (1 if parts["year"] == "元" else int(parts["year"]))
    elif "year" in parts:
        year = int(parts["year"])
    month, day = int(parts["month"]), int(parts["day"])
    try:
        date(2024 if year is None else year, month, day)
    except ValueError:
        return None
    return year, month, day


def check_birthday(
    policy: ProfilePolicy,
    known: Birthday | None,
    year: int | None,
    today: date,
    *,
    month: int = 1,
    day: int = 1,
) -> Refusal | None:
    """Why this birthday can't be noted; None when it can. The day itself is a real one already."""
    if year is not None:
        born = (year, month, day)
        if year < today.year - AGE_MAX or born > (today.year, today.month, today.day):
            return Refusal("birthday_year")
    if known is not None and known.changes >= policy.birthday_changes_max:
        return Refusal("birthday_changes")
    return None


def has_come(policy: ProfilePolicy, birthday: Birthday, day: date) -> bool:
    """Whether `day` is in the birth month, or is the birthday (28 February for the 29th)."""
    if policy.birthday_is == "month":
        return birthday.month == day.month
    return day_in_year(day.year, birthday.month, birthday.day) == day


def needs_guardian(policy: ProfilePolicy, birthday: Birthday, day: date) -> bool:
    """Whether somebody born then is asked for a guardian's consent on `day`; not without a year."""
    age = age_on(birthday, day)
    return age is not None and age < policy.guardian_age


def age_on(birthday: Birthday, day: date) -> int | None:
    """Full years on `day`; None when the year is not known."""
    if birthday.year is None:
        return None
    had = (day.month, day.day) >= (birthday.month, birthday.day)
    return day.year - birthday.year - (not had)
