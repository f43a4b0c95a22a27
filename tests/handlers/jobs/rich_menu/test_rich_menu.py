import io
from contextlib import suppress
from dataclasses import replace

import pytest
from PIL import Image

from bot.line.client import LineUnavailable
from bot.line.messages import rich_menu
from handlers.jobs.clockwork import MENUS_REST, Clockwork
from handlers.jobs.rich_menu import (
    alias,
    deploy,
    relink,
)
from tests.handlers.clubs import HandClock
from tests.handlers.jobs.rich_menu.conftest import CAFE, GYM, KEYS, World, keys_of


def small_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 500)).save(out, "PNG")
    return out.getvalue()


def test_menus_are_made_for_everybody_and_for_each_rank_and_language(world: World) -> None:
    menu_id = deploy(world.club)
    assert world.club.line.default_rich_menu_id() == menu_id
    assert keys_of(world) == {"default"} | KEYS
    by_name = {
        name: world.menus()[menu] for name, menu in world.club.line.rich_menu_aliases().items()
    }
    assert {name: shown.split()[1] for name, shown in by_name.items()} == {
        alias(key): key for key in KEYS
    }
    assert "kayoi-ja-gold" in by_name


def test_menus_that_are_as_wanted_are_left_alone(world: World) -> None:
    menu_id = deploy(world.club)
    world.calls.clear()
    assert deploy(world.club) == menu_id
    assert {method for method, _ in world.calls} == {"GET"}
    assert not any(path.endswith("/content") for _, path in world.calls)


def test_another_programme_brings_other_menus_and_the_old_ones_go(world: World) -> None:
    first = deploy(world.club)
    member = world.joins("gold")
    relink(world.club)
    world.publish(CAFE.replace('accent = "#8A5A44"', 'accent = "#1F6F5C"'))
    second = deploy(world.club)
    assert second != first
    assert world.club.line.default_rich_menu_id() == second
    assert keys_of(world) == {"default"} | KEYS
    assert len(world.menus()) == 9
    assert world.sees(member) == "ja:gold"


def test_a_tick_brings_the_menus_of_the_programme_in_force(world: World) -> None:
    first = deploy(world.club)
    world.publish(CAFE.replace('accent = "#8A5A44"', 'accent = "#1F6F5C"'))
    clockwork = Clockwork(world.club)
    clockwork.tick()
    second = world.club.line.default_rich_menu_id()
    assert second not in (None, first)
    world.calls.clear()
    clockwork.tick()
    assert world.calls == []


def test_a_tick_deploys_nothing_in_a_club_that_never_did(world: World) -> None:
    Clockwork(world.club).tick()
    assert world.menus() == {}


def test_menus_that_line_refuses_are_left_for_a_while(world: World) -> None:
    first = deploy(world.club)
    world.publish(CAFE.replace('accent = "#8A5A44"', 'accent = "#1F6F5C"'))
    clock = HandClock(world.club.now())
    clockwork = Clockwork(replace(world.club, clock=clock))
    world.broken.append("/content")
    clockwork.tick()
    asked = len(world.calls)
    world.broken.clear()
    clockwork.tick()
    assert len(world.calls) == asked
    clock.set(clock.now() + MENUS_REST)
    clockwork.tick()
    assert world.club.line.default_rich_menu_id() not in (None, first)


def test_a_rank_that_is_gone_takes_its_menus_along(world: World) -> None:
    deploy(world.club)
    member = world.joins("gold")
    relink(world.club)
    start = CAFE.index('[[ranks.steps]]\nid = "gold"')
    end = CAFE.index("# ──", start)
    without = CAFE[:start] + CAFE[end:]
    for ranks in ('ranks = ["silver", "gold"]', 'ranks = ["gold"]'):
        without = without.replace(ranks, 'ranks = ["silver"]')
    world.publish(without)
    deploy(world.club)
    assert keys_of(world) == {"default"} | {key for key in KEYS if "gold" not in key}
    assert "kayoi-ja-gold" not in world.club.line.rich_menu_aliases()
    assert world.sees(member) == "ja:"


def test_a_change_that_the_menu_does_not_show_brings_no_new_one(world: World) -> None:
    first = deploy(world.club)
    world.publish(CAFE.replace("cost = 100", "cost = 110"))
    assert deploy(world.club) == first


def test_menus_and_aliases_that_are_not_ours_stay(world: World) -> None:
    theirs = world.club.line.create_rich_menu(
        rich_menu(size=(800, 500), areas=[], name="お正月", chat_bar_text="メニュー")
    )
    world.club.line.upload_rich_menu_image(theirs, small_picture(), "image/png")
    world.club.line.create_rich_menu_alias("new-year", theirs)
    world.publish(GYM)
    deploy(world.club)
    assert theirs in world.menus()
    assert world.club.line.rich_menu_aliases()["new-year"] == theirs


@pytest.mark.parametrize("broken", ["/content", "/alias", "/user/all/richmenu", "/bulk/link"])
def test_a_deployment_that_failed_half_way_is_made_good_by_the_next(
    world: World, broken: str
) -> None:
    member = world.joins("silver")
    world.broken.append(broken)
    with suppress(LineUnavailable):
        deploy(world.club)
    world.broken.clear()
    menu_id = deploy(world.club)
    assert world.club.line.default_rich_menu_id() == menu_id
    assert keys_of(world) == {"default"} | KEYS
    assert len(world.menus()) == 9
    assert world.sees(member) == "ja:silver"


def test_a_menu_that_was_switched_off_by_hand_is_shown_again(world: World) -> None:
    first = deploy(world.club)
    other = world.club.line.create_rich_menu(
        rich_menu(size=(800, 500), areas=[], name="other", chat_bar_text="x")
    )
    world.club.line.upload_rich_menu_image(other, small_picture(), "image/png")
    world.club.line.set_default_rich_menu(other)
    assert deploy(world.club) == first
    assert world.club.line.default_rich_menu_id() == first
