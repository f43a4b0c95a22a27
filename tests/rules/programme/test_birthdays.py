"""Reading birthdays, noting them, and when they have come."""

from datetime import date

import pytest

from rules.activity import BirthdayTold, Occasion
from rules.facts import Birthday
from rules.programme.birthdays import ProfilePolicy, age_on, check_birthday, has_come, read_birthday
from tests.rules.builders import DAY, JOINED, Life, club, does, fixed, of_day, rule

TODAY = of_day("03-10")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1983-05-12", (1983, 5, 12)),
        ("1983/5/12", (1983, 5, 12)),
        ("1983年5月12日", (1983, 5, 12)),
        ("19830512", (1983, 5, 12)),
        ("１９８３．５．１２", (1983, 5, 12)),
        (" 5月12日 ", (None, 5, 12)),
        ("5/12", (None, 5, 12)),
        ("2/29", (None, 2, 29)),
        ("昭和33年5月12日", (1958, 5, 12)),
        ("S33.5.12", (1958, 5, 12)),
        ("ｓ３３．５．１２", (1958, 5, 12)),
        ("平成元年1月8日", (1989, 1, 8)),
        ("R1/5/1", (2019, 5, 1)),
        ("1983-02-29", None),
        ("13月1日", None),
        ("きのう", None),
        ("0000-01-01", None),
        ("", None),
    ],
)
def test_reads_what_people_write(text: str, read: object) -> None:
    assert read_birthday(text) == read


@pytest.mark.parametrize(
    ("known", "told", "code"),
    [
        (None, (1990, 5, 12), None),
        (None, (None, 5, 12), None),
        (None, (2026, 3, 10), None),
        (None, (2026, 3, 11), "birthday_year"),
        (None, (2027, 1, 1), "birthday_year"),
        (None, (1905, 5, 12), "birthday_year"),
        (Birthday(5, 12), (None, 6, 12), None),
        (Birthday(5, 12, changes=1), (None, 6, 12), "birthday_changes"),
    ],
)
def test_a_birthday_is_noted_if_possible_and_changed_once(
    known: Birthday | None, told: tuple[int | None, int, int], code: str | None
) -> None:
    year, month, day = told
    refusal = check_birthday(ProfilePolicy(), known, year, TODAY, month=month, day=day)
    assert (refusal.code if refusal else None) == code


def test_the_whole_month_or_the_day_is_celebrated() -> None:
    month, day = ProfilePolicy(), ProfilePolicy(birthday_is="day")
    birthday = Birthday(3, 12)
    assert has_come(month, birthday, of_day("03-01"))
    assert not has_come(month, birthday, of_day("04-01"))
    assert has_come(day, birthday, of_day("03-12"))
    assert not has_come(day, birthday, of_day("03-11"))


@pytest.mark.parametrize(
    ("day", "came"), [("2026-02-28", True), ("2028-02-28", False), ("2028-02-29", True)]
)
def test_who_was_born_on_29_february_has_a_birthday_every_year(day: str, came: bool) -> None:
    policy = ProfilePolicy(birthday_is="day")
    assert has_come(policy, Birthday(2, 29), date.fromisoformat(day)) is came


def test_age_needs_the_year() -> None:
    assert age_on(Birthday(5, 12), TODAY) is None
    assert age_on(Birthday(3, 10, 2010), TODAY) == 16
    assert age_on(Birthday(3, 11, 2010), TODAY) == 15


def test_birthday_points_come_once_a_year_also_after_a_correction() -> None:
    life = Life(club(earning=[rule("birthday", fixed(100))]))
    birthday = Occasion("birthday")
    life.does(does(BirthdayTold(1, 20), JOINED), does(birthday, JOINED + DAY, by="system"))
    life.does(does(BirthdayTold(3, 20), of_day("02-01")))
    assert life.refused(does(birthday, TODAY, by="system")) == "birthday_again"
    assert life.does(does(birthday, date(2027, 3, 1), by="system")).points == 100
    assert life.facts.balance == 200
    assert [key for key in life.facts.counts if "20" in key] == ["birthday:2027"]


def test_a_birthday_to_come_is_none() -> None:
    told = does(BirthdayTold(12, 31, 2026), TODAY)
    assert Life(club()).refused(told) == "birthday_year"
