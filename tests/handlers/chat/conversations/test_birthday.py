"""Birthdays: picked or typed, shown back once, corrected only so often, children with consent."""

import pytest

from bot.store.members import consents
from rules.base import LANGS, Lang

from ..conftest import Person, World, taps, words


def pick(person: Person, day: str) -> list[dict[str, object]]:
    return person.tap_data("do=birthday", day=day)


def told(person: Person) -> tuple[int | None, int, int] | None:
    known = person.card.facts.birthday
    return (known.year, known.month, known.day) if known else None


@pytest.mark.parametrize("lang", LANGS)
def test_a_picked_date_is_shown_back_and_kept_on_yes(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    asked = pick(person, "1990-05-12")
    assert {"ja": "1990年5月12日", "en": "May 12, 1990"}[lang] in words(asked)
    assert told(person) is None
    done = person.tap_data(taps(asked)[{"ja": "この日で登録", "en": "Save this date"}[lang]])
    assert "+30" in words(done)
    assert told(person) == (1990, 5, 12)
    assert person.card.facts.balance == 80


def test_the_picker_opens_near_a_likely_year_and_ends_today(world: World) -> None:
    picker = [
        action
        for message in world.member().write("プロフィール")
        for action in buttons(message)
        if action["type"] == "datetimepicker"
    ]
    today = world.now().date()
    assert picker[0]["initial"] == f"{today.year - 30}-01-01"
    assert picker[0]["min"] == "1917-01-01"
    assert picker[0]["max"] == today.isoformat()


def buttons(part: object) -> list[dict[str, str]]:
    if isinstance(part, list):
        return [found for one in part for found in buttons(one)]
    if not isinstance(part, dict):
        return []
    own = [part["action"]] if part.get("type") == "button" else []
    return own + [found for value in part.values() for found in buttons(value)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("昭和58年5月12日", (1983, 5, 12)),
        ("S58.5.12", (1983, 5, 12)),
        ("１９８３/５/１２", (1983, 5, 12)),
        ("5月12日", (None, 5, 12)),
        ("2/29", (None, 2, 29)),
        ("平成元年1月8日", (1989, 1, 8)),
        ("昭33.5.12", (1958, 5, 12)),
        ("昭和三十三年五月十二日", (1958, 5, 12)),
        ("1990ー05ー12", (1990, 5, 12)),
        ("1990−5－12", (1990, 5, 12)),
        ("5月12日です", (None, 5, 12)),
        ("誕生日は1990年5月12日生まれです。", (1990, 5, 12)),
        ("1990年5月12日に生まれました", (1990, 5, 12)),
        ("May 12, 1990", (1990, 5, 12)),
        ("12th of May 1990", (1990, 5, 12)),
        ("19\u3164900512", (1990, 5, 12)),
    ],
)
def test_a_date_may_be_typed_when_it_was_asked_for(
    world: World, text: str, day: tuple[int | None, int, int]
) -> None:
    person = world.member()
    person.write("誕生日")
    asked = person.write(text)
    person.tap_data(taps(asked)["この日で登録"])
    assert told(person) == day


def test_a_whole_date_is_taken_for_a_birthday_unasked(world: World) -> None:
    asked = world.member().write("1983年5月12日")
    assert "この日でよろしいですか" in words(asked)


def test_half_a_date_unasked_is_for_the_staff(world: World) -> None:
    world.member().write("12月24日")
    assert world.letters() == [("message", "12月24日")]


def test_the_year_is_theirs_to_leave_out(world: World) -> None:
    person = world.member()
    person.tap_data(taps(pick(person, "1990-05-12"))["年なしで登録"])
    assert told(person) == (None, 5, 12)


@pytest.mark.parametrize("text", ["13月40日", "2026-02-30", "5月", "平成元年"])
def test_what_only_looks_like_a_date_is_asked_again(world: World, text: str) -> None:
    person = world.member()
    person.write("誕生日")
    assert "読み取れませんでした" in words(person.write(text))
    assert "この日でよろしいですか" in words(person.write("1990-05-12"))
    assert world.letters() == []


@pytest.mark.parametrize("day", ["1890-01-01", "2037-12-24", "2038-01-01"])
def test_a_year_nobody_was_born_in_is_refused(world: World, day: str) -> None:
    person = world.member()
    assert "お確かめ" in words(pick(person, day))
    assert "お確かめ" in words(person.tap("birthday", save=day))
    assert told(person) is None


def test_a_birthday_may_be_corrected_once(world: World) -> None:
    person = world.member()
    person.tap("birthday", save="1990-05-12")
    assert "これが最後" in words(pick(person, "1991-06-13"))
    said = words(person.tap("birthday", save="1991-06-13"))
    assert "+" not in said
    assert told(person) == (1991, 6, 13)
    assert person.card.facts.balance == 80
    refused = words(pick(person, "1992-07-14"))
    assert "レジ" in refused
    assert "レジ" in words(person.tap("birthday", save="1992-07-14"))
    assert "レジ" in words(person.write("誕生日"))
    assert told(person) == (1991, 6, 13)
    profile = person.write("プロフィール")
    assert "レジ" in words(profile)
    assert "お誕生日を変更" not in taps(profile)


def test_the_same_birthday_again_costs_no_correction(world: World) -> None:
    person = world.member()
    for _ in range(3):
        person.tap("birthday", save="1990-05-12")
    assert "もう登録されています" in words(pick(person, "1990-05-12"))
    assert person.card.facts.birthday is not None
    assert person.card.facts.birthday.changes == 0


@pytest.mark.parametrize("lang", LANGS)
def test_a_childs_guardian_is_asked_and_the_wording_is_kept(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    asked = pick(person, "2026-05-12")
    assert "16" in words(asked)
    assert len([data for data in taps(asked).values() if "save" in data]) == 2
    assert all("guardian=1" in data for data in taps(asked).values() if "save" in data)
    person.tap("birthday", save="2026-05-12")
    assert told(person) is None
    label = {"ja": "保護者の同意を得て登録", "en": "My guardian agrees"}[lang]
    person.tap_data(taps(asked)[label])
    assert told(person) == (2026, 5, 12)
    with world.club.store.read() as uow:
        kept = {one.kind: one.wording for one in consents.of(uow, person.card.id)}
    assert "16" in kept["guardian"]
    assert kept["guardian"] in words(person.write("my data"))


def test_a_grown_up_is_asked_for_no_guardian(world: World) -> None:
    person = world.member()
    person.tap("birthday", save="1990-05-12")
    with world.club.store.read() as uow:
        assert {one.kind for one in consents.of(uow, person.card.id)} == {"purpose"}
