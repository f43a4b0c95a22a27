"""Cards brought into the chat: linked, merged, shared, several at once; and points put on later."""

import pytest

from bot.store.history.slips import Slip, SlipWorth
from bot.store.members import line_accounts, members
from bot.store.members.link_codes import Purpose
from bot.store.members.profiles import Profile
from handlers.actions.members import one_time_codes
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.actions.members.link import make_code
from handlers.actions.orders.slips import make_slip
from handlers.chat import postbacks
from rules.base import LANGS, Lang
from tests.handlers.clubs import DAY, DESK

from ..conftest import Person, World, event, picture_on, taps, words


def paper(world: World, name: str = "高橋 はな") -> int:
    """A card made at the counter."""
    newcomer = Newcomer("ja", "ポイントのため", Profile(name))
    with world.club.work(DESK) as work:
        made = join_at_counter(work.under(f"staff:{name}"), newcomer)
    return made.member_id


def code(world: World, member: int, purpose: Purpose = "link") -> str:
    key = f"staff:{member}:{purpose}"
    with world.club.work(DESK, key=key) as work:
        made = make_code(work, member, purpose)
    assert isinstance(made, str)
    return one_time_codes.readable(made)


def cards(world: World, person: Person) -> list[int]:
    with world.club.store.read() as uow:
        return members.cards(uow, person.user_id)


def test_a_childs_card_is_added_and_the_chat_turns_to_it_and_back(any_world: World) -> None:
    world = any_world
    parent = world.member("さくら")
    own, child = parent.card.id, paper(world)
    asked = parent.write(f"カード連携 {code(world, child)}")
    assert "なくなりません" in words(asked)
    assert cards(world, parent) == [own]
    added = parent.tap_data(taps(asked)["ご家族のカードとして追加"])
    assert "高橋 はな" in words(added)
    assert cards(world, parent) == [own, child]
    assert parent.card.id == own
    turned = parent.tap_data(taps(added)["高橋 はなさんの会員証にする"])
    assert parent.card.id == child
    assert picture_on(world, turned[0]).number == world_number(world, child)
    listed = parent.write("会員証の切り替え")
    assert "（いまの会員証）" in words(listed)
    parent.tap("cards", to=world_number(world, own))
    assert parent.card.id == own
    # A tap of a minute before, delivered again.
    data = postbacks.data("cards", to=world_number(world, child))
    before = event(parent, "postback", postback={"data": data})
    world.post([before | {"timestamp": before["timestamp"] - 60_000}])
    world.handle()
    assert parent.card.id == own
    assert "会員証の切り替え" in taps(parent.write("カード"))


def world_number(world: World, member: int) -> str:
    with world.club.store.read() as uow:
        found = members.get(uow, member)
    assert found is not None
    return found.number


@pytest.mark.parametrize("lang", LANGS)
def test_a_paper_card_becomes_one_with_the_own(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    own, other = person.card.id, paper(world)
    before = person.card.facts.balance
    asked = person.write(f"link {code(world, other)}")
    merge = next(data for data in taps(asked).values() if "how=merge" in data)
    merged = person.tap_data(merge)
    assert person.card.id == own
    # One person has one welcome.
    assert person.card.facts.balance == before
    assert f"{person.card.facts.balance:,}" in words(merged)
    assert words(person.tap_data(merge)) != words(merged)
    assert cards(world, person) == [own]


def test_a_family_shares_one_card_and_who_leaves_does_not_take_it_along(world: World) -> None:
    mother, father = world.member("はは"), world.member("ちち")
    shared = mother.card.id
    mother.check_in()
    asked = father.write(f"カード連携 {code(world, shared, 'share')}")
    father.tap_data(taps(asked)["まとめて、いっしょに使う"])
    assert father.card.id == mother.card.id == shared
    world.travel(DAY)
    father.check_in()
    assert mother.card.facts.visits == 2
    first = father.tap("erase")
    assert "共有" in words(first)
    father.tap("erase", step=1)
    father.tap("erase", step=2)
    assert father.account is None
    assert mother.card.facts.visits == 2
    assert mother.card.erased_at is None


def test_a_friend_from_before_links_a_card_with_their_first_words(world: World) -> None:
    person = world.person("はな")
    card = paper(world)
    said = person.write(f"カード連携 {code(world, card)}")
    assert person.card.id == card
    assert "高橋 はな" in words(said)
    assert cards(world, person) == [card]


def test_wrong_codes_are_told_kindly_and_not_for_ever(world: World) -> None:
    person = world.member()
    good = code(world, paper(world))
    for _ in range(one_time_codes.WRONG_MAX):
        assert "見つかりませんでした" in words(person.write("カード連携 222-222-22X"))
    assert "スタッフ" in words(person.write(f"カード連携 {good}"))
    assert cards(world, person) == [person.card.id]


def test_nobody_turns_to_a_card_that_is_not_theirs(world: World) -> None:
    person, other = world.member(), world.member("ほか")
    own = person.card.id
    person.tap("cards", to=other.card.number)
    assert person.card.id == own
    with world.club.store.read() as uow:
        account = line_accounts.get(uow, person.user_id)
    assert account is not None
    assert account.member_id == own


def test_points_of_a_slip_come_later(world: World) -> None:
    person = world.member()
    with world.club.work(DESK, key="s") as work:
        slip = make_slip(work, SlipWorth(yen=1_500), at=world.now())
    assert isinstance(slip, Slip)
    world.travel(DAY)
    sent = f"ポイント {one_time_codes.readable(slip.code)}"
    said = person.write(sent)
    assert "おつけしました" in words(said)
    assert person.card.facts.visits == 1
    assert person.card.facts.spend == 1_500
    assert "すでに" in words(person.write(sent))
    assert person.card.facts.visits == 1
