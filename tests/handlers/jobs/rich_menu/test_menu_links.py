"""Whose menu is whose: by rank and language, and the tiles on it."""

import re
from typing import Any

import pytest

from bot.simulator import new_user_id
from bot.store.members import line_accounts
from handlers.actions.members.join import JoinRequest, join
from handlers.jobs.rich_menu import (
    ALIAS_PREFIX,
    alias,
    deploy,
    relink,
)
from handlers.showing.menus import intents, menu_object, tiles
from tests.handlers.jobs.rich_menu.conftest import CAFE, GYM, World, programme


def test_rank_and_language_choose_the_menu_and_a_change_of_either_changes_it(world: World) -> None:
    deploy(world.club)
    member, other = world.joins("bronze"), world.joins(language="en")
    assert relink(world.club) == 2
    assert (world.sees(member), world.sees(other)) == ("ja:bronze", "en:")
    world.promotes(member, "silver")
    world.speaks(other, "ja")
    assert relink(world.club) == 2
    assert (world.sees(member), world.sees(other)) == ("ja:silver", "ja:")
    world.promotes(member, None)
    relink(world.club)
    assert world.sees(member) == "ja:"


def test_nothing_is_asked_of_line_when_nobodys_menu_changes(world: World) -> None:
    deploy(world.club)
    world.joins("gold")
    relink(world.club)
    world.calls.clear()
    assert relink(world.club) == 0
    assert world.calls == []


def test_before_the_first_deployment_nobody_is_linked(world: World) -> None:
    world.joins("gold")
    assert relink(world.club) == 0


def test_who_has_not_joined_sees_everybodys_menu(world: World) -> None:
    deploy(world.club)
    friend = new_user_id()
    world.simulator.add_account(friend, "さくら")
    relink(world.club)
    assert world.sees(friend) == "default"


def test_a_link_that_failed_is_made_the_next_time(world: World) -> None:
    deploy(world.club)
    member = world.joins("gold")
    world.broken.append("/bulk/link")
    assert relink(world.club) == 0
    world.broken.clear()
    assert relink(world.club) == 1
    assert world.sees(member) == "ja:gold"


def test_one_who_can_not_be_linked_keeps_nobody_else_waiting(world: World) -> None:
    deploy(world.club)
    members_ = [world.joins("gold") for _ in range(3)]
    with world.club.work() as work:
        line_accounts.ensure(
            work.uow, "not an id", display_name="", language="ja", at=world.club.now()
        )
        joining = JoinRequest(world.club.now(), "ja", "x", line_user_id="not an id")
        join(work.acting("member").under("test:odd"), joining)
    world.promotes("not an id", "gold")
    assert relink(world.club) == 4
    assert {world.sees(member) for member in members_} == {"ja:gold"}
    assert relink(world.club) == 0


def test_who_comes_back_is_linked_again(world: World) -> None:
    deploy(world.club)
    member = world.joins("gold")
    relink(world.club)
    with world.club.store.begin() as uow:
        line_accounts.set_blocked(uow, member, True)
    relink(world.club)
    sender = world.club.line.sender()
    sender.unlink_rich_menu(member, lambda _: None)
    sender.stop()
    with world.club.store.begin() as uow:
        line_accounts.set_blocked(uow, member, False)
    assert relink(world.club) == 1
    assert world.sees(member) == "ja:gold"


def test_a_menu_removed_by_hand_stops_the_linking_until_it_is_deployed_again(world: World) -> None:
    deploy(world.club)
    gone = next(menu for menu, name in world.menus().items() if "ja:gold" in name)
    world.club.line.delete_rich_menu(gone)
    member = world.joins("gold")
    assert relink(world.club) == 0
    world.calls.clear()
    assert relink(world.club) == 0
    assert world.calls == []
    deploy(world.club)
    assert world.sees(member) == "ja:gold"


def test_an_alias_is_short_enough_for_line_whatever_the_rank_is_called() -> None:
    long = alias("ja:" + "a_very_long_name_of_a_rank_of_40_letters")
    assert re.fullmatch(r"[a-z0-9_-]{1,32}", long)
    assert long.startswith(ALIAS_PREFIX)
    assert len({alias(f"ja:{'x' * n}") for n in range(1, 41)}) == 40


def test_a_tap_asks_for_what_the_tile_says() -> None:
    menu = menu_object(programme(CAFE), "ja")
    actions = [area["action"] for area in menu["areas"]]
    assert [action["data"] for action in actions] == [
        "do=card",
        "do=points",
        "do=rewards",
        "do=rank",
        "do=badges",
        "do=help",
    ]
    titles = [tile.title for tile in tiles(programme(CAFE))]
    assert titles == ["会員証", "ポイント", "特典", "ランク", "バッジ", "使い方"]
    assert [action["displayText"] for action in actions] == titles
    assert menu["chatBarText"] == "メニュー"
    assert menu["selected"] is True


def test_the_tiles_are_in_english_too() -> None:
    captions = [tile.caption for tile in tiles(programme(CAFE))]
    assert captions == ["Member card", "Points", "Rewards", "Rank", "Badges", "Help"]


@pytest.mark.parametrize("text", [CAFE, GYM])
def test_every_club_has_six_tiles_of_what_it_has(text: str) -> None:
    whole = programme(text)
    assert intents(whole) == ["card", "points", "rewards", "rank", "badges", "help"]
    without: dict[str, Any] = {"ranks": None, "badges": (), "rewards": ()}
    for some in range(1 << len(without)):
        chosen = {k: v for place, (k, v) in enumerate(without.items()) if some >> place & 1}
        poorer = intents(whole.model_copy(update=chosen))
        assert len(set(poorer)) == 6
        assert (poorer[0], poorer[-1]) == ("card", "help")
        for part, intent in (("ranks", "rank"), ("badges", "badges"), ("rewards", "rewards")):
            assert (intent in poorer) == (part not in chosen)
