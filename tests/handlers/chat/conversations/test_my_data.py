"""My data: what is held, and being forgotten."""

import json
from datetime import timedelta

import pytest

from bot.line.colours import DANGER
from bot.store.members import line_accounts, members, profiles
from bot.store.members.profiles import Profile
from handlers.actions.members.profile import TopicChoice, choose_topic
from handlers.actions.members.sms_consent import SmsConsent, agree_to_sms
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


KNOWN = Profile("石井 遥", "イシイ ハルカ", "+819012345678", "窓ぎわの席がお好き")


def with_everything(world: World, lang: Lang = "ja") -> Person:
    """A member of whom there is something under every heading."""
    person = world.member("Haru", lang)
    person.write({"ja": "傘を忘れたかもしれません", "en": "I lost my umbrella"}[lang])
    with world.club.work("member") as work:
        profiles.put(work.uow, person.card.id, KNOWN, at=work.now)
        agree_to_sms(work, person.card.id, SmsConsent(work.now, "line", "SMSで送ります"))
        choose_topic(work, person.card.id, TopicChoice("comeback", wanted=False, at=work.now))
    return person


@pytest.mark.parametrize("lang", LANGS)
def test_all_that_is_held_is_shown_the_staffs_note_and_letters_by_a_tap(
    world: World, lang: Lang
) -> None:
    person = with_everything(world, lang)
    said = person.write("my data")
    shown = words(said)
    held = ("Haru", KNOWN.name, KNOWN.kana, "090-1234-5678", "SMSで送ります")
    assert not [each for each in held if each not in shown]
    off = {"ja": "お久しぶりのとき", "en": "When we haven't met"}[lang]
    assert off in shown
    assert KNOWN.note not in shown
    assert "umbrella" not in shown
    assert "傘" not in shown
    assert KNOWN.note in words(person.tap("my_note"))
    assert {"ja": "傘を忘れた", "en": "umbrella"}[lang] in words(person.tap("my_letters"))
    assert {"my_note", "my_letters"} <= {
        data.removeprefix("do=") for data in taps(said).values() if data.startswith("do=")
    }


def test_letters_are_shown_whole_however_many_there_are(world: World) -> None:
    person = world.member()
    assert "ありません" in words(person.tap("my_letters"))
    for n in range(3):
        person.write(f"{n}番目の相談です。" + "長いです。" * 360)
        world.travel(timedelta(minutes=1))
    first = person.tap("my_letters")
    assert ("2番目" in words(first), "1番目" in words(first)) == (True, True)
    assert "0番目" not in words(first)
    then = person.tap_data(taps(first)["もっと前を見る"])
    assert "0番目" in words(then)
    assert "もっと前を見る" not in taps(then)


def test_who_shares_a_card_sees_nothing_of_whose_it_is(world: World) -> None:
    person, other = with_everything(world), world.member("かえで")
    with world.club.store.begin() as uow:
        line_accounts.link(uow, other.user_id, person.card.id)
    shown = words(other.write("わたしの情報"))
    assert "かえで" in shown
    hidden = (KNOWN.name, KNOWN.kana, "1234-5678", "傘", "SMSで送ります", "SMSを受け取ること")
    assert not [each for each in hidden if each in shown]
    assert KNOWN.note not in words(other.tap("my_note"))
    assert "傘" not in words(other.tap("my_letters"))


def test_whoever_agreed_to_everything_can_be_erased_from_there(world: World) -> None:
    person = with_everything(world)
    member_id, page = person.card.id, person.write("わたしの情報")
    sure = person.tap_data(taps(page)["情報をすべて消す"])
    last = person.tap_data(taps(sure)["消す手続きへ進む"])
    assert "消しました" in words(person.tap_data(taps(last)["すべて消します"]))
    with world.club.store.read() as uow:
        assert profiles.get(uow, member_id) == Profile()
    assert (person.account, world.letters()) == (None, [])
    # The page is a day old by then.
    assert KNOWN.note not in words(person.tap("my_note"))


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
