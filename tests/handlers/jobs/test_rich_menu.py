import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from PIL import Image
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.clock import Clock
from bot.codes import Codes
from bot.line.client import LineClient, LineUnavailable
from bot.line.messages import rich_menu
from bot.settings import PROJECT
from bot.simulator import Simulator
from bot.store.db import Store
from bot.store.programs import Programmes, publish
from handlers.club import Club
from handlers.jobs.rich_menu import PREFIX, deploy, intents, menu_object, tiles
from rules.program import Programme, parse
from tests.conftest import FreshDatabase

CAFE = (PROJECT / "program.toml").read_text(encoding="utf-8")
GYM = (PROJECT / "docs/programs/gym.toml").read_text(encoding="utf-8")


class Quiet(WSGIRequestHandler):
    def log(self, *args: Any) -> None:
        """Say nothing."""


@dataclass
class World:
    """A club on a simulated platform: every call that reached it, and the ends of paths that it
    answers with 500.
    """

    club: Club
    calls: list[tuple[str, str]]
    broken: list[str]

    def publish(self, text: str) -> None:
        with self.club.store.begin() as uow:
            publish(uow, text, since=datetime.now(UTC) - timedelta(minutes=1))
        self.club = replace(self.club, programmes=Programmes(self.club.store))

    def menus(self) -> dict[str, str]:
        return {menu.id: menu.name for menu in self.club.line.list_rich_menus()}


@pytest.fixture
def world(tmp_path: Path, fresh_sqlite: FreshDatabase) -> Iterator[World]:
    app = Flask("platform", static_folder=None)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    base = f"http://127.0.0.1:{server.server_port}"
    simulator = Simulator(tmp_path / "line.sqlite3", "secret", "token", base, f"{base}/callback")
    calls: list[tuple[str, str]] = []
    broken: list[str] = []

    @app.before_request
    def note() -> tuple[str, int] | None:
        calls.append((request.method, request.path))
        return ("{}", 500) if request.path.endswith(tuple(broken)) else None

    app.register_blueprint(simulator.blueprint(lambda _: None))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with fresh_sqlite() as url:
        store = Store(url)
        club = Club(
            store=store,
            clock=Clock(),
            programmes=Programmes(store),
            line=LineClient("token", f"{base}/simulator/api"),
            codes=Codes("a secret of this installation only, long enough"),
            base_url=base,
            link_base=f"{base}/simulator",
            bot_id=lambda: "@simulator",
        )
        world = World(club, calls, broken)
        world.publish(CAFE)
        yield world
        store.close()
    server.shutdown()
    thread.join()
    server.server_close()
    simulator.close()


def programme(text: str) -> Programme:
    parsed = parse(text)
    assert isinstance(parsed, Programme)
    return parsed


def test_the_menu_is_made_with_its_picture_and_shown_to_everybody(world: World) -> None:
    menu_id = deploy(world.club)
    assert world.club.line.default_rich_menu_id() == menu_id
    assert list(world.menus()) == [menu_id]
    assert world.menus()[menu_id].startswith(PREFIX)


def test_a_menu_that_is_as_wanted_is_left_alone(world: World) -> None:
    menu_id = deploy(world.club)
    world.calls.clear()
    assert deploy(world.club) == menu_id
    assert {method for method, _ in world.calls} == {"GET"}


def test_another_programme_brings_another_menu_and_the_old_one_goes(world: World) -> None:
    first = deploy(world.club)
    world.publish(CAFE.replace('accent = "#8A5A44"', 'accent = "#1F6F5C"'))
    second = deploy(world.club)
    assert second != first
    assert world.club.line.default_rich_menu_id() == second
    assert list(world.menus()) == [second]


def test_a_change_that_the_menu_does_not_show_brings_no_new_one(world: World) -> None:
    first = deploy(world.club)
    world.publish(CAFE.replace("cost = 100", "cost = 110"))
    assert deploy(world.club) == first


def test_menus_that_are_not_ours_stay(world: World) -> None:
    theirs = world.club.line.create_rich_menu(
        rich_menu(size=(2_500, 843), areas=[], name="お正月", chat_bar_text="メニュー")
    )
    world.publish(GYM)
    ours = deploy(world.club)
    assert set(world.menus()) == {theirs, ours}


def test_a_deployment_that_failed_half_way_is_made_good_by_the_next(world: World) -> None:
    world.broken.append("/content")
    with pytest.raises(LineUnavailable):
        deploy(world.club)
    assert world.club.line.default_rich_menu_id() is None
    assert len(world.menus()) == 1
    world.broken.clear()
    menu_id = deploy(world.club)
    assert world.club.line.default_rich_menu_id() == menu_id
    assert list(world.menus()) == [menu_id]


def test_a_menu_that_was_switched_off_by_hand_is_shown_again(world: World) -> None:
    first = deploy(world.club)
    other = world.club.line.create_rich_menu(
        rich_menu(size=(800, 500), areas=[], name="other", chat_bar_text="x")
    )
    out = io.BytesIO()
    Image.new("RGB", (800, 500)).save(out, "PNG")
    world.club.line.upload_rich_menu_image(other, out.getvalue(), "image/png")
    world.club.line.set_default_rich_menu(other)
    assert deploy(world.club) == first
    assert world.club.line.default_rich_menu_id() == first


def test_a_tap_asks_for_what_the_tile_says() -> None:
    menu = menu_object(programme(CAFE))
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
