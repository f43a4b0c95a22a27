"""SMS agreed to and stopped in the chat."""

import pytest

from bot.sms import SmsDoor
from bot.store.members import consents, profiles
from rules.base import LANGS, Lang

from ..conftest import Person, World, taps, words

YES = {"ja": "同意して受け取る", "en": "Agree and receive"}


@pytest.fixture
def texting(world: World) -> World:
    """A club that can send SMS."""
    object.__setattr__(world.club, "sms", SmsDoor("AC", "t", "KAYOI", "http://127.0.0.1:9"))
    return world


def _agreed(world: World, person: Person) -> bool:
    with world.club.store.read() as uow:
        return consents.sms_agreed_at(uow, person.card.id) is not None


@pytest.mark.parametrize("lang", LANGS)
def test_a_number_is_shown_back_with_the_words_and_kept_on_yes(texting: World, lang: Lang) -> None:
    person = texting.member("Sakura", lang)
    legal = texting.club.timeline().latest.programme.shop.legal_name
    assert legal in words(person.write("SMS"))
    shown = person.write("０９０-1234-5678")
    assert legal in words(shown)
    assert "090-1234-5678" in words(shown)
    assert not _agreed(texting, person)
    person.tap_data(taps(shown)[YES[lang]])
    with texting.club.store.read() as uow:
        assert profiles.get(uow, person.card.id).phone == "+819012345678"
        [agreed] = [c for c in consents.of(uow, person.card.id) if c.kind == consents.SMS]
    assert agreed.channel == "line"
    assert legal in agreed.wording
    person.write({"ja": "SMS停止", "en": "stop SMS"}[lang])
    assert not _agreed(texting, person)
    held = words(person.write("my data"))
    assert {"ja": "SMSを受け取ることへの同意", "en": "Agreed to SMS"}[lang] in held
    assert {"ja": "SMSの停止", "en": "Stopped SMS"}[lang] in held


def test_what_is_no_number_is_asked_for_again(texting: World) -> None:
    person = texting.member()
    person.write("SMS")
    assert "読み取れません" in words(person.write("12345"))
    assert not _agreed(texting, person)


def test_a_club_that_sends_none_says_so(world: World) -> None:
    assert "行っていません" in words(world.member().write("SMS"))
