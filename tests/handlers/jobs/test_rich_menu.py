import io
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import urllib3
from flask import Flask, request
from PIL import Image
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.clock import Clock
from bot.codes import Codes
from bot.line.client import LineClient, LineUnavailable
from bot.line.messages import rich_menu
from bot.settings import PROJECT
from bot.simulator import Simulator, new_user_id
from bot.store import UnitOfWork
from bot.store.engine.db import Store
from bot.store.history.programs import Programmes, publish
from bot.store.members import line_accounts, members
from bot.store.members.members import Member
from handlers.actions.members.join import JoinRequest, join
from handlers.club import Club
from handlers.jobs.clockwork import MENUS_REST, Clockwork
from handlers.jobs.rich_menu import (
    ALIAS_PREFIX,
    alias,
    deploy,
    relink,
)
from handlers.showing.menus import intents, menu_object, tiles
from images.rich_menu import draw_rich_menu
from rules.base import LANGS, Lang
from rules.checking.reading import parse
from rules.programme.programme import Programme
from tests.conftest import FreshDatabase
from tests.handlers.clubs import HandClock

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
    simulator: Simulator
    calls: list[tuple[str, str]]
    broken: list[str]

    def publish(self, text: str) -> None:
        with self.club.store.begin() as uow:
            publish(uow, text, since=datetime.now(UTC) - timedelta(minutes=1))
        self.club = replace(self.club, programmes=Programmes(self.club.store))

    def joins(self, rank: str | None = None, language: Lang = "ja") -> str:
        """Somebody with a card, of that rank; gives their LINE id."""
        user_id = new_user_id()
        self.simulator.add_account(user_id, "さくら", language)
        now = self.club.now()
        with self.club.work() as work:
            line_accounts.ensure(
                work.uow, user_id, display_name="さくら", language=language, at=now
            )
            joining = JoinRequest(now, language, "ポイント", line_user_id=user_id)
            join(work.acting("member").under(f"test:{user_id}"), joining)
        if rank:
            self.promotes(user_id, rank)
        return user_id

    def promotes(self, user_id: str, rank: str | None) -> None:
        with self.club.store.begin() as uow:
            member = self._member(uow, user_id)
            state = replace(member.facts.rank, id=rank)
            facts = replace(member.facts, rank=state)
            members.save(uow, replace(member, facts=facts), self.club.foresight())

    def speaks(self, user_id: str, language: Lang) -> None:
        with self.club.store.begin() as uow:
            members.set_language(uow, self._member(uow, user_id).id, language)

    def _member(self, uow: UnitOfWork, user_id: str) -> Member:
        account = line_accounts.get(uow, user_id)
        assert account is not None
        member = members.get(uow, account.member_id or 0)
        assert member is not None
        return member

    def sees(self, user_id: str) -> str:
        """The menu's name without its fingerprint: "ja:gold"."""
        base = f"{self.club.base_url}/simulator/api/v2/bot/user/{user_id}/richmenu"
        asked = urllib3.request("GET", base, headers={"Authorization": "Bearer token"})
        if asked.status == 404:
            return "default"
        return self.menus()[asked.json()["richMenuId"]].split()[1]

    def menus(self) -> dict[str, str]:
        return {menu.id: menu.name for menu in self.club.line.list_rich_menus()}


@pytest.fixture(scope="module", autouse=True)
def _drawn_once() -> Iterator[None]:
    """Which menus there are is tried here, not how they look: each is drawn for the first only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("handlers.jobs.rich_menu.draw_rich_menu", cache(draw_rich_menu))
        yield


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
        world = World(club, simulator, calls, broken)
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


KEYS = {f"{lang}:{rank}" for lang in LANGS for rank in ("", "bronze", "silver", "gold")}


def keys_of(world: World) -> set[str]:
    return {name.split()[1] for name in world.menus().values()}


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


def small_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 500)).save(out, "PNG")
    return out.getvalue()


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
