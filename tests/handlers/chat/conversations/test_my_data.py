"""My data: what is held, leaving and coming back, and being forgotten."""

import json

import pytest

from bot.store.members import members
from rules.base import LANGS, Lang

from ..conftest import Person, World, taps, words


@pytest.mark.parametrize("lang", LANGS)
def test_my_data_shows_what_is_held_and_by_which_consent(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    said = person.write("my data")
    privacy = world.club.timeline().latest.programme.privacy
    assert privacy.purpose.in_(lang) in words(said)
    assert privacy.contact.in_(lang) in words(said)
    assert privacy.policy_url in taps(said).values()
    assert "Sakura" in words(said)


def test_leaving_is_explained_asked_and_undone_with_one_tap(world: World) -> None:
    person = world.member()
    person.check_in()
    asked = person.write("退会")
    assert "記録は残ります" in words(asked)
    assert person.card.membership == "active"
    person.tap_data(taps(asked)["退会します"])
    assert person.card.membership == "left"
    door = person.write("ポイント")
    assert "60ポイント" in words(door)
    person.tap_data(taps(door)["会員を再開する"])
    assert person.card.membership == "active"
    assert person.card.facts.balance == 60
    assert "そのままお使い" in words(person.write("再開"))


def test_who_left_gets_no_visit_and_is_not_spoken_to_by_a_beacon(world: World) -> None:
    person = world.member()
    person.tap("leave")
    person.tap("leave", yes=1)
    assert "再開" in words(person.check_in())
    assert person.enter("0a1b2c3d01") == []
    assert person.card.facts.visits == 0


def test_who_left_still_reaches_the_staff(world: World) -> None:
    person = world.member()
    person.tap("leave")
    person.tap("leave", yes=1)
    assert "スタッフに" in words(person.write("領収書をいただけますか"))
    assert world.letters() == [("message", "領収書をいただけますか")]


def test_a_later_yes_to_leaving_asks_anew(world: World) -> None:
    person = world.member()
    person.tap("leave")
    person.write("ポイント")
    person.tap("leave", yes=1)
    assert person.card.membership == "active"


def erased(person: Person) -> None:
    first = person.tap("erase")
    second = person.tap_data(taps(first)["消す手続きへ進む"])
    person.tap_data(taps(second)["すべて消します"])


def test_erasing_is_confirmed_twice_and_leaves_nothing_that_names_the_person(
    world: World,
) -> None:
    person = world.member("さくら")
    person.write("伝言です、よろしくです")
    number = person.card.id
    first = person.tap("erase")
    assert person.account is not None
    second = person.tap_data(taps(first)["消す手続きへ進む"])
    assert person.account is not None
    gone = person.tap_data(taps(second)["すべて消します"])
    assert "消しました" in words(gone)
    assert person.account is None
    assert world.letters() == []
    with world.club.store.read() as uow:
        member = members.get(uow, number)
        bodies = uow.connection.exec_driver_sql("SELECT body, user_id FROM webhook_events").all()
    assert member is not None
    assert member.erased_at is not None
    assert person.user_id not in json.dumps([tuple(row) for row in bodies])


def test_a_second_tap_on_erase_makes_no_new_member(world: World) -> None:
    person = world.member()
    erased(person)
    assert "もう消してあります" in words(person.tap("erase", step=2))
    assert person.account is None


def test_who_was_erased_and_writes_again_starts_anew(world: World) -> None:
    person = world.member()
    old = person.card.number
    erased(person)
    assert "ようこそ" in words(person.write("カード"))
    assert person.card.number != old
    assert person.card.facts.balance == 50
