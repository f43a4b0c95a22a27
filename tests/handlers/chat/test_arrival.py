"""Coming in: by following, by writing, from before; leaving, and coming back."""

from datetime import timedelta
from unittest.mock import ANY

import pytest

from bot.codes import PictureAddress
from bot.store.members import consents, members, profiles, searching
from bot.store.members.profiles import Profile
from handlers.actions.members.join import JoinRequest, join
from rules.base import LANGS, Lang
from rules.wording.name_search import name_query
from rules.wording.texts import say

from .conftest import Person, World, buttons, event, picture_on, taps, text_event, words


@pytest.mark.parametrize("lang", LANGS)
def test_a_follower_is_welcomed_with_a_card_and_told_what_the_data_is_for(
    world: World, lang: Lang
) -> None:
    person = world.stranger("Sakura", lang)
    welcome, card = person.follow()
    assert "Sakura" in words([welcome])
    assert "+50" in words([welcome])
    privacy = world.club.timeline().latest.programme.privacy
    assert privacy.purpose.in_(lang) in words([welcome])
    policy = say(lang, "chat.button.policy")
    assert taps([welcome])[policy] == privacy.policy_url
    styles = {button["action"]["label"]: button["style"] for button in buttons([welcome])}
    assert styles == {say(lang, "chat.button.open_card"): "primary", policy: "link"}
    assert picture_on(world, card) == PictureAddress("card", person.card.number, ANY)
    assert person.card.facts.balance == 50
    assert person.card.language == lang


def test_the_wording_on_data_is_kept_as_it_was_shown(world: World) -> None:
    person = world.member()
    with world.club.store.read() as uow:
        (consent,) = consents.of(uow, person.card.id)
    assert (consent.kind, consent.channel) == ("purpose", "line")
    assert consent.wording == world.club.timeline().latest.programme.privacy.purpose.ja


@pytest.mark.parametrize("text", ["カード", "こんにちは", "😊", "ヘルプ"])
def test_a_friend_from_before_becomes_a_member_by_writing(world: World, text: str) -> None:
    person = world.person()
    assert len(person.write(text)) == 2
    assert person.card.facts.balance == 50


def test_what_they_asked_first_is_answered_right_after_the_welcome(world: World) -> None:
    said = world.person().write("特典")
    assert "ようこそ" in words(said[:1])
    assert "100円引き" in words(said[2:])


def test_a_question_for_the_staff_in_the_first_message_is_passed_on(world: World) -> None:
    said = world.person().write("席の予約はできますか")
    assert len(said) == 3
    assert world.letters() == [("message", "席の予約はできますか")]


def test_a_newcomer_with_the_counters_code_has_joined_and_checked_in(world: World) -> None:
    person = world.person()
    said = person.check_in()
    assert len(said) == 3
    assert "ようこそ" in words(said[:1])
    assert "+10" in words(said[2:])
    assert person.card.facts.visits == 1
    assert person.card.facts.balance == 60


def test_a_beacon_makes_a_member_of_a_friend_from_before(world: World) -> None:
    person = world.person()
    said = person.enter("0a1b2c3d01")
    assert "ご来店ありがとうございます" in words(said[2:])
    assert person.card.facts.visits == 1


@pytest.mark.parametrize("kind", ["sticker", "image", "location", "postback", "accountLink"])
def test_any_kind_of_event_that_can_be_answered_makes_a_member(world: World, kind: str) -> None:
    person = world.person()
    contents = {
        "postback": {"postback": {"data": "do=points"}},
        "accountLink": {"link": {"result": "ok", "nonce": "n"}},
    }
    more = contents.get(kind, {"message": {"id": "1", "type": kind}})
    kind_of_event = kind if kind in contents else "message"
    world.post([event(person, kind_of_event, **more, replyToken=world.token(person))])
    world.handle()
    assert person.card.facts.balance == 50
    assert "ようこそ" in words(person.heard())


def test_two_events_of_one_newcomer_make_one_member(any_world: World) -> None:
    person = any_world.person()
    any_world.post([text_event(person, "カード"), event(person, "follow", follow={})])
    any_world.handle()
    assert person.card.facts.balance == 50


def test_nothing_is_said_and_nobody_joins_on_standby(world: World) -> None:
    person = world.person()
    follow = event(person, "follow", follow={"isUnblocked": False}, mode="standby")
    world.post([text_event(person, "カード", mode="standby"), follow])
    world.handle()
    assert person.account is None
    assert person.heard() == []
    assert world.waiting() == 0
    assert world.calls == []


def test_a_blocked_account_is_noted_and_its_return_finds_the_card_unchanged(world: World) -> None:
    person = world.member()
    person.check_in()
    before = person.card
    assert person.block() == []
    account = person.account
    assert account is not None
    assert account.blocked
    said = person.follow()
    assert "おかえりなさい" in words(said[:1])
    assert person.card == before
    assert not person.account.blocked  # type: ignore[union-attr]


def test_a_member_who_follows_after_writing_keeps_the_card(world: World) -> None:
    person = world.stranger()
    person.write("カード")
    number = person.card.number
    said = person.follow()
    assert "会員証はそのままです" in words(said[:1])
    assert person.card.number == number


def test_blocking_by_a_stranger_makes_nobody(world: World) -> None:
    person = Person(world, "U" + "a" * 32)
    world.post([event(person, "unfollow")])
    world.handle()
    assert person.account is None


def test_a_new_display_name_is_learned_at_the_next_follow(world: World) -> None:
    person = world.member("さくら")
    person.block()
    world.simulator.add_account(person.user_id, "はな")
    assert "はなさん" in words(person.follow())


def looked_up(world: World, query: str) -> list[int]:
    """Whom the counter's search finds."""
    with world.club.store.read() as uow:
        return searching.search(uow, name_query(query))


def test_a_name_changed_in_line_is_followed_and_one_that_staff_know_stays(any_world: World) -> None:
    world = any_world
    person, child = world.member("さくら"), "もみじ"
    with world.club.work("staff") as work:
        joining = JoinRequest(work.now, "ja", "目的", source="counter")
        card = join(work.under("child"), joining).member_id
        profiles.put(work.uow, card, Profile(child), at=work.now)
        members.set_line_account(work.uow, card, person.user_id)
    world.simulator.add_account(person.user_id, "はな")
    # LINE isn't asked at every word.
    assert "さくらさん" in words(person.write("こんにちは"))
    assert world.calls.count(("profile", "ok")) == 1
    world.travel(timedelta(days=7))
    assert "はなさん" in words(person.write("こんにちは"))
    assert sorted(looked_up(world, "はな")) == sorted([person.card.id, card])
    assert looked_up(world, "さくら") == []
    assert looked_up(world, child) == [card]
    person.write("こんにちは")
    assert world.calls.count(("profile", "ok")) == 2
    with world.club.work("staff") as work:
        profiles.put(work.uow, person.card.id, Profile("石井遥"), at=work.now)
    world.simulator.add_account(person.user_id, "ゆり")
    world.travel(timedelta(days=7))
    person.write("こんにちは")
    with world.club.store.read() as uow:
        assert profiles.contact(uow, person.card).name == "石井遥"
        assert profiles.contact(uow, person.card).line_name == "ゆり"


def test_a_profile_that_failed_is_asked_for_again_an_hour_later(world: World) -> None:
    person = Person(world, "U" + "b" * 32)
    world.post([text_event(person, "カード")])
    world.handle()
    world.post([text_event(person, "カード")])
    world.handle()
    assert [call for call in world.calls if call[0] == "profile"] == [("profile", "ok")]
    # LINE knew nobody of that name; it does now.
    world.simulator.add_account(person.user_id, "Haru", language="en")
    world.travel(timedelta(minutes=59))
    assert "Haru" not in words(person.write("こんにちは"))
    world.travel(timedelta(minutes=1))
    assert "Haru" in words(person.write("hello"))
    assert person.card.language == "en"
    person.tap("language", to="ja")
    world.simulator.add_account(person.user_id, "Haruka", language="en")
    world.travel(timedelta(days=7))
    person.write("hello")
    assert (person.card.language, looked_up(world, "Haruka")) == ("ja", [person.card.id])


def test_somebody_whose_profile_cannot_be_read_is_welcomed_without_a_name(world: World) -> None:
    person = Person(world, "U" + "b" * 32)
    world.post([text_event(person, "カード")])
    world.handle()
    assert person.account is not None
    assert person.account.display_name == ""
    assert person.card.facts.balance == 50


@pytest.mark.parametrize("lang", LANGS)
def test_an_endless_name_breaks_no_message(world: World, lang: Lang) -> None:
    person = world.member("👨‍👩‍👧‍👦🍎" * 150, lang)
    for text in ("カード", "hello", "プロフィール", "個人情報", "紹介"):
        assert person.write(text)


@pytest.mark.parametrize("name", ["", "   ", "さくらさん", "\u202eevil", "<b>&amp;"])
def test_odd_names_break_no_message(world: World, name: str) -> None:
    person = world.member(name)
    assert "さんさん" not in words(person.write("こんにちは"))
    assert person.write("プロフィール")
    assert person.write("個人情報")


def test_a_wrong_referral_code_is_said_to_be_unknown_after_joining(world: World) -> None:
    person = world.stranger()
    said = person.write("紹介 ZZZZ99")
    assert "見つかりませんでした" in words(said[2:])
    assert person.card.referred_by is None


def group_event(world: World, person: Person, kind: str, **more: object) -> dict[str, object]:
    said = event(person, kind, replyToken=world.token(person), **more)
    said["source"] = {"type": "group", "groupId": "C" + "2" * 32, "userId": person.user_id}
    return said


def test_a_group_is_shown_the_way_to_the_one_to_one_chat(world: World) -> None:
    person = world.person()
    mention = {"mentionees": [{"index": 0, "length": 4, "type": "user", "isSelf": True}]}
    message = {"id": "1", "type": "text", "text": "@店 カード", "mention": mention}
    world.post(
        [group_event(world, person, "join"), group_event(world, person, "message", message=message)]
    )
    world.handle()
    said = person.heard()
    assert len(said) == 2
    assert world.club.add_friend_link() in taps(said[:1]).values()
    assert person.account is None


def test_talk_among_others_in_a_group_is_left_alone(world: World) -> None:
    person = world.person()
    message = {"id": "1", "type": "text", "text": "カード"}
    world.post([group_event(world, person, "message", message=message)])
    world.handle()
    assert person.heard() == []
    assert person.account is None
    assert world.letters() == []
