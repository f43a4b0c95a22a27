"""My data: what is held, and being forgotten."""

import json

import pytest

from bot.line.colours import DANGER
from bot.store.members import members
from rules.base import LANGS, Lang

from ..conftest import Person, World, buttons, taps, words


@pytest.mark.parametrize("lang", LANGS)
def test_my_data_shows_what_is_held_and_by_which_consent(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    said = person.write("my data")
    privacy = world.club.timeline().latest.programme.privacy
    assert privacy.purpose.in_(lang) in words(said)
    assert privacy.contact.in_(lang) in words(said)
    assert privacy.policy_url in taps(said).values()
    assert "Sakura" in words(said)


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
    shown = {b["action"]["label"]: (b["style"], b["color"]) for b in buttons([*first, *second])}
    assert shown["消す手続きへ進む"] == shown["すべて消します"] == ("primary", DANGER)
    assert shown["やめておく"][0] == "link"
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
    said = words(person.write("カード"))
    assert "ようこそ" in said
    assert person.card.number != old
    # There is one welcome, and none is promised.
    assert person.card.facts.balance == 0
    assert "50ポイント" not in said
