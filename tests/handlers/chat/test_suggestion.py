"""A way to earn, suggested where the member is anyway: below a check-in, or on the card."""

from datetime import timedelta

import pytest

from bot.store.members import line_accounts
from rules.base import LANGS, Lang

from .conftest import Person, World, taps, words

DAY = timedelta(days=1)


def noted(person: Person) -> str | None:
    with person.world.club.store.read() as uow:
        account = line_accounts.get(uow, person.user_id)
    assert account is not None
    return account.suggested


@pytest.mark.parametrize("lang", LANGS)
def test_a_check_in_suggests_one_thing_and_leads_there_by_a_tap(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    first = person.check_in()
    assert {"ja": "お支払いのときにも", "en": "when you pay"}[lang] in words(first)
    assert {"ja": "100円で1ポイント", "en": "1 point"}[lang] in words(first)
    # Once a day; and the next one tomorrow.
    assert "🌱" not in words(person.write("カード"))
    world.travel(DAY)
    second = person.check_in()
    assert {"ja": "お誕生日をご登録", "en": "your birthday"}[lang] in words(second)
    lead = {"ja": "プロフィール", "en": "Profile"}[lang]
    assert next(iter(taps(second))) == lead or lead in taps(second)
    assert noted(person) == "profile"


def test_who_is_scanned_by_staff_finds_it_on_the_card(world: World) -> None:
    person = world.member()
    card = person.write("カード")
    assert "お誕生日をご登録" in words(card)
    assert "プロフィール" in taps(card)
    assert "🌱" not in words(person.write("カード"))


def test_an_answer_that_was_not_read_suggested_nothing(world: World) -> None:
    person = world.member()
    world.simulator.customers.write(person.user_id, "カード")
    world.travel(timedelta(minutes=30))
    world.handle()
    assert noted(person) is None


def test_a_programme_that_takes_the_way_away_suggests_the_next(world: World) -> None:
    person = world.member()
    with world.club.store.begin() as uow:
        line_accounts.note_read(uow, person.user_id, suggested=("gone", world.now().date() - DAY))
    assert "お誕生日をご登録" in words(person.write("カード"))
