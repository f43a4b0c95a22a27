"""Birthdays: reading what people write, and when one has come."""

import re
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ..activity import StepId
from ..base import Refusal, Strict
from ..characters import as_typed, with_figures
from ..facts import Birthday
from ..profile.steps import ProfileStep
from ..shop import day_in_year

#: Year before the first of each era (国立国会図書館「日本の暦」: 明治 from 1868 … 令和 from 2019).
_ERAS = {
    "明": 1867, "m": 1867, "大": 1911, "t": 1911, "昭": 1925, "s": 1925,
    "平": 1988, "h": 1988, "令": 2018, "r": 2018,
}  # fmt: skip
_FULL = re.compile(r"^(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?$")
_PLAIN = re.compile(r"^(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)$")
_SHORT = re.compile(r"^(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?$")
_ERA = re.compile(
    r"^(?P<era>明治?|大正?|昭和?|平成?|令和?|[mtshr])\.?(?P<year>\d{1,2}|元)[-/.年]"
    r"(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?$"
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_NAMED = r"(?P<name>[a-z]{3,9})\.?"
_NUMBERED = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
#: Blanks are gone by then: "may12,1990", "12may1990", "may12th".
_ENGLISH = tuple(
    re.compile(rf"^{order},?(?P<year>\d{{4}})?$")
    for order in (rf"{_NAMED}{_NUMBERED}", rf"{_NUMBERED}(?:of)?{_NAMED}")
)
#: What people say around the day they were born.
_SAID = re.compile(
    r"^(?:(?:私の|わたしの|僕の)?(?:お?誕生日|生年月日)は|(?:my)?birthday(?:is|:)?|(?:iwas)?bornon|on)|"
    r"(?:に?(?:生まれ|うまれ|産まれ|生れ)(?:ました|です|だよ)?|生|です|でございます|だよ|[。.!])+$"
)
#: Figures, and what stands between them.
_TRY = re.compile(r"(?:[\d./\-年月日元]|明治|大正|昭和|平成|令和|[明大昭平令mtshr](?=\d))+")

#: ISO 3166-1, two letters.
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
#: Nobody alive is older; a year before that is a slip.
AGE_MAX = 120


class ProfilePolicy(Strict):
    """How often a birthday may be corrected, and whether the month or the day is celebrated; what
    members are asked about themselves, one after the other.

    Below `guardian_age` years the member is asked for a guardian's consent.
    """

    birthday_changes_max: Annotated[int, Field(ge=0, le=10)] = 1
    birthday_is: Literal["month", "day"] = "month"
    guardian_age: Annotated[int, Field(ge=0, le=20)] = 16
    steps: Annotated[tuple[ProfileStep, ...], Field(max_length=9)] = ()
    #: Whose telephones a code is sent to; none named: those of the shop's own country.
    phone_countries: Annotated[tuple[Country, ...], Field(max_length=20)] = ()
    #: So many codes a day for all members together.
    phone_codes_per_day_max: Annotated[int, Field(ge=1, le=10_000)] = 100

    @property
    def asked(self) -> tuple[StepId, ...]:
        """The steps that make a profile whole; where the shop names none, the birthday alone."""
        return tuple(step.id for step in self.steps) or ("birthday",)

    def step(self, step: str) -> ProfileStep | None:
        """That step; None where it isn't asked."""
        return next((each for each in self.steps if each.id == step), None)


def read_birthday(text: str) -> tuple[int | None, int, int] | None:
    """`(year or None, month, day)` of what someone wrote; None when it is no date.

    Knows 1983-05-12, 1983年5月12日, 19830512, 5月12日, 5/12, 昭和58年5月12日, 昭58.5.12, S58.5.12,
    May 12, 1983 and 12 May, in any width, by any keyboard's hyphen, in kanji numerals, and with
    what people say around it: 5月12日生まれです.
    """
    plain = _said_plainly(text)
    for pattern in (_FULL, _PLAIN, _SHORT, _ERA, *_ENGLISH):
        if match := pattern.match(plain):
            return _real(match.groupdict())
    return None


def _said_plainly(text: str) -> str:
    plain = "".join(with_figures(as_typed(text)).lower().split())
    return _SAID.sub("", plain)


def looks_like_a_date(text: str) -> bool:
    """Whether it is a date or a try at one: of nothing but what dates are written with."""
    return read_birthday(text) is not None or _TRY.fullmatch(_said_plainly(text)) is not None


def _real(parts: dict[str, str | None]) -> tuple[int | None, int, int] | None:
    said, era, name = parts.get("year"), parts.get("era"), parts.get("name")
    year = None if said is None else 1 if said == "元" else int(said)
    if year is not None and era:
        year += _ERAS[era[0]]
    month, day = _month(name) if name else int(parts["month"] or 0), int(parts["day"] or 0)
    try:
        date(2024 if year is None else year, month, day)
    except ValueError:
        return None
    return year, month, day


def _month(name: str) -> int:
    """The month of that English name, whole or its first letters; 0 for none."""
    return next((n for n, month in enumerate(_MONTHS, 1) if month.startswith(name)), 0)


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


def told(known: Birthday | None, born: Birthday, *, by_staff: bool) -> Birthday:
    """The birthday as it is known from now on. What staff put right is no change of
    the member's."""
    if known is None:
        return born
    return replace(born, changes=known.changes + (0 if by_staff else 1))


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
