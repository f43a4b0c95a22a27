"""A card from before is merged by whoever has its telephone, and nobody else learns of it."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.store.members import members, profiles
from bot.store.members.profiles import Profile
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.actions.members.membership import erase
from handlers.actions.members.sms_consent import stop_sms
from handlers.actions.recording.actor import Actor
from handlers.jobs.delivery.sms import SmsDelivery
from rules.base import LANGS, Lang

from ..conftest import Person, World, taps, words

PHONE = "+819012345678"


@dataclass
class Telephones:
    """SMS as they arrive: to which number, and what they say."""

    came: list[tuple[str, str]] = field(default_factory=list)

    def send(self, to: str, text: str) -> str:
        self.came.append((to, text))
        return "SM1"


@pytest.fixture
def telephones(any_world: World) -> Telephones:
    door = Telephones()
    object.__setattr__(any_world.club, "sms", door)
    return door


def paper_card(world: World, name: str = "石井遥", *, another: bool = False) -> int:
    """A member with a card on paper, whose telephone is known."""
    someone = Actor(1, "森", "staff", "ekimae")
    with world.club.work(someone, key=f"staff:{name}") as work:
        card = Newcomer("ja", "目的", Profile(name, phone=PHONE), another=another)
        return join_at_counter(work, card).member_id


def asks(person: Person, number: str) -> str:
    """Gives a number, and what the chat says to it once all that was to be sent is sent."""
    person.write("前のカード")
    said = words(person.write(number))
    SmsDelivery(person.world.club).deliver_due()
    return said


def code_in(text: str) -> str:
    found = re.search(r"[2-9B-Z]{3}-[2-9B-Z]{3}-[2-9B-Z]{3}", text)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("typed", ["whole", "bare"])
def test_who_has_the_telephone_merges_the_card(
    any_world: World, telephones: Telephones, typed: str
) -> None:
    world, card = any_world, paper_card(any_world)
    person = world.member()
    asks(person, "０９０ー1234ー5678")
    [(to, text)] = telephones.came
    assert to == PHONE
    assert world.club.timeline().latest.programme.shop.name.ja in text
    code = code_in(text)
    asked = person.write(f"カード連携 {code}" if typed == "whole" else code.lower())
    assert "まとめたあと" in words(asked)
    person.tap_data(taps(asked)["自分のカードにまとめる"])
    with world.club.store.read() as uow:
        assert members.keeper(uow, card) == person.card.id
        assert profiles.get(uow, person.card.id).phone == PHONE
    # Sent once more: the code is used, and the card found by nobody's number any more.
    assert "まとめたあと" not in words(person.write(f"カード連携 {code}"))
    asks(person, "090-1234-5678")
    assert len(telephones.came) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_the_chat_tells_nobody_whether_a_number_is_known(
    any_world: World, telephones: Telephones, lang: Lang
) -> None:
    world = any_world
    card, other = paper_card(world), world.member("かえで")
    with world.club.store.begin() as uow:
        # On LINE it is moved at the counter, where staff see who asks.
        known = Profile("田中花", phone="+819087654321")
        profiles.put(uow, other.card.id, known, at=world.now())
    person = world.member("Haru", lang)
    numbers = ("090-1234-5678", "090-1111-2222", "090-8765-4321")
    said = {asks(person, number) for number in numbers}
    assert len(said) == 1
    assert "石井" not in said.pop()
    assert [to for to, _ in telephones.came] == [PHONE]
    agreed = set()
    for number in numbers:
        person.write("SMS")
        shown = person.write(number)
        yes = {"ja": "同意して受け取る", "en": "Agree and receive"}[lang]
        agreed.add(words(person.tap_data(taps(shown)[yes])))
    assert len(agreed) == 1
    with world.club.work("member") as work:
        stop_sms(work, card, channel="line")
    asks(world.member(), "090-1234-5678")
    assert len(telephones.came) == 1


def test_nobody_is_flooded(any_world: World, telephones: Telephones) -> None:
    world = any_world
    paper_card(world)
    asked = [asks(world.member(f"{n}"), "090-1234-5678") for n in range(5)]
    assert len(telephones.came) == 3
    assert len(set(asked)) == 1
    person = world.member()
    for n in range(3):
        asks(person, f"090-1111-222{n}")
    assert "ここまで" in asks(person, "090-1111-2229")
    world.travel(timedelta(days=1))
    asks(person, "090-1234-5678")
    assert len(telephones.came) == 4


def test_what_changed_before_the_code_came_is_looked_at(
    any_world: World, telephones: Telephones
) -> None:
    world = any_world
    card, child = paper_card(world), paper_card(world, "石井さくら", another=True)
    person = world.member()
    person.write("前のカード")
    person.write("090-1234-5678")
    with world.club.work() as work:
        erase(work.under("e"), card)
    SmsDelivery(world.club).deliver_due()
    [(_, text)] = telephones.came
    # A quarter of an hour too late.
    world.travel(timedelta(minutes=15))
    assert "まとめたあと" not in words(person.write(f"カード連携 {code_in(text)}"))
    asks(person, "090-1234-5678")
    with world.club.work() as work:
        erase(work.under("f"), child)
    assert "まとめたあと" not in words(
        person.write(f"カード連携 {code_in(telephones.came[-1][1])}")
    )


def test_without_sms_the_counter_helps(world: World) -> None:
    person = world.member()
    assert "お持ちになるか" in words(person.write("紙のカード"))
    # The number is nothing that was asked for: it goes to the staff.
    person.write("090-1234-5678")
    assert world.letters() == [("message", "090-1234-5678")]
