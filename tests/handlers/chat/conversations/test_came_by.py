"""Posters and flyers: by which somebody came, noted once, and what they hear."""

from datetime import timedelta

from bot.store.members import sources
from bot.store.members.sources import MemberSource, SourceFields
from tests.handlers.chat.conftest import Person, World, words


def put_up(world: World, code: str = "K7D2MX", name: str = "駅のポスター") -> MemberSource:
    with world.club.store.begin() as uow:
        sources.add(uow, code, SourceFields(name, "poster", None), at=world.now())
        found = sources.by_code(uow, code)
    assert found is not None
    return found


def came_by(world: World, person: Person) -> str:
    with world.club.store.read() as uow:
        found = sources.of_member(uow, person.card.id)
    return found.name if found else ""


def test_whoever_sends_a_posters_code_first_is_welcomed_and_came_by_it(world: World) -> None:
    source = put_up(world)
    person = world.stranger()
    said = person.write(f"会員証をつくる {source.code}")
    assert "ようこそ" in words(said) or "ありがとう" in words(said)
    assert len(said) == 2
    assert came_by(world, person) == "駅のポスター"


def test_whoever_added_the_account_before_sending_it_came_by_it_too(world: World) -> None:
    source = put_up(world)
    person = world.member()
    said = person.write(f"Get my card: {source.code.lower()}")
    assert len(said) == 1
    assert came_by(world, person) == "駅のポスター"


def test_the_first_that_brought_somebody_stays(world: World) -> None:
    first, second = put_up(world), put_up(world, "TTT222", "チラシ")
    person = world.member()
    for source in (first, second, first):
        person.write(f"会員証をつくる {source.code}")
    assert came_by(world, person) == "駅のポスター"


def test_a_friend_who_brought_them_was_there_first(world: World) -> None:
    source, sponsor = put_up(world), world.member("うめ")
    code = words(sponsor.write("紹介")).splitlines()[1]
    friend = world.stranger("はな")
    friend.write(f"紹介 {code}")
    friend.write(f"会員証をつくる {source.code}")
    assert came_by(world, friend) == ""
    # Who came by a poster may still name a friend, for the points; the poster stays.
    other = world.stranger("ゆり")
    other.write(f"会員証をつくる {source.code}")
    other.write(f"紹介 {code}")
    assert other.card.referred_by == sponsor.card.id
    assert came_by(world, other) == "駅のポスター"


def test_to_a_member_of_long_ago_it_is_a_way_to_their_card_and_nothing_else(world: World) -> None:
    source, person = put_up(world), world.member()
    world.travel(timedelta(days=2))
    assert person.write(f"会員証をつくる {source.code}")
    assert came_by(world, person) == ""


def test_a_code_that_is_none_is_a_way_to_the_card_as_well(world: World) -> None:
    person = world.stranger()
    assert len(person.write("会員証をつくる ZZZ999")) == 2
    assert came_by(world, person) == ""


def test_a_poster_that_hangs_still_counts_when_it_was_closed_or_taken_off_the_list(
    world: World,
) -> None:
    closed, dropped = put_up(world), put_up(world, "TTT222", "チラシ")
    with world.club.store.begin() as uow:
        sources.change(uow, closed, closed_at=world.now())
        sources.change(uow, dropped, dropped_at=world.now())
    sakura, hana = world.stranger(), world.stranger("はな")
    sakura.write(f"会員証をつくる {closed.code}")
    hana.write(f"会員証をつくる {dropped.code}")
    assert came_by(world, sakura) == "駅のポスター"
    assert came_by(world, hana) == "チラシ"
