"""Leaving and coming back, for whose card it is."""

from bot.store.members import consents, line_accounts, profiles
from bot.store.members.profiles import Profile
from handlers.actions.members.sms_consent import SmsConsent, agree_to_sms
from tests.handlers.actions.newsletter.test_subscribe import PROGRAMME
from tests.handlers.chat.conftest import Person, World, taps, words


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


def test_who_left_may_complain_and_is_not_asked_back_for_it(world: World) -> None:
    person = world.member()
    person.tap("leave")
    person.tap("leave", yes=1)
    assert "申し訳" in words(person.write("クレーム"))
    assert "承知しました" in words(person.write("やめる"))
    person.write("クレーム")
    heard = words(person.write("珈琲がぬるかったです"))
    assert "スタッフに届けました" in heard
    assert "+" not in heard
    assert world.letters() == [("feedback", "珈琲がぬるかったです")]
    assert person.card.membership == "left"


def test_a_later_yes_to_leaving_asks_anew(world: World) -> None:
    person = world.member()
    person.tap("leave")
    person.write("ポイント")
    person.tap("leave", yes=1)
    assert person.card.membership == "active"


def shares_with(world: World, owner: Person) -> Person:
    """Somebody whose chat speaks of the owner's card."""
    other = world.member("かえで")
    with world.club.store.begin() as uow:
        line_accounts.link(uow, other.user_id, owner.card.id)
    return other


_OWNERS: tuple[tuple[str, dict[str, str | int]], ...] = (
    ("leave", {"yes": 1}),
    ("topics", {"topic": "birthday", "on": 0}),
    ("topics", {"to": "none"}),
    ("newsletter", {"on": 1}),
    ("sms", {"to": "stop"}),
    ("sms", {"save": "+819011112222"}),
    ("ways", {"to": "none"}),
    ("birthday", {"save": "5/12"}),
)


def test_who_shares_a_card_changes_nothing_that_is_its_owners(world: World) -> None:
    world.publish_text(PROGRAMME)
    owner = world.member()
    with world.club.work("member") as work:
        profiles.put(work.uow, owner.card.id, Profile(phone="+819012345678"), at=work.now)
        agree_to_sms(work, owner.card.id, SmsConsent(work.now, "line", "SMSで送ります"))
    other, before = shares_with(world, owner), owner.card
    for intent, params in _OWNERS:
        other.tap(intent)
        told = other.tap(intent, **params)
        assert "会員証をお持ちの方だけ" in words(told), intent
        assert owner.card == before, intent
    with world.club.store.read() as uow:
        kinds = {each.kind for each in consents.of(uow, owner.card.id)}
        assert profiles.get(uow, owner.card.id).phone == "+819012345678"
    assert kinds == {"purpose", "sms"}
    # What is harmless stays theirs.
    assert "60" in words(other.check_in())


def test_who_shares_a_card_is_offered_no_way_out_or_back_in(world: World) -> None:
    owner = world.member()
    other = shares_with(world, owner)
    assert not {"退会する", "会員を再開する"} & set(taps(other.write("わたしの情報")))
    owner.tap("leave")
    owner.tap("leave", yes=1)
    door = other.write("ポイント")
    assert "会員証をお持ちの方のLINEから" in words(door)
    assert "会員を再開する" not in taps(door)
    assert "会員証をお持ちの方だけ" in words(other.tap("resume"))
    assert owner.card.membership == "left"
    owner.tap("resume")
    assert owner.card.membership == "active"
