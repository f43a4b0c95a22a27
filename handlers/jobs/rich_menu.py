"""The default rich menu: what everybody sees under the chat, members or not yet. Costs no message.

LINE never replaces a menu's picture. So each menu is named after its contents: what looks the same
is kept, anything else is made anew, and our older ones are removed.
"""

import hashlib
import json
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

import structlog

from bot.line.errors import LineRejected
from bot.line.messages import PostbackAction, RichMenuArea, rich_menu
from handlers.club import Club
from images.icons import Icon
from images.rich_menu import HEIGHT, WIDTH, Tile, areas, draw_rich_menu
from images.theme import palette
from rules.base import Lang
from rules.program import Programme
from rules.texts import say

#: Menus whose names begin so are ours to remove; any other was made by somebody else.
PREFIX = "kayoi default "
_TILES = 6

log = structlog.get_logger("rich menu")


def deploy(club: Club) -> str:
    """Makes the programme's menu the one that everybody sees; gives its id.

    Changes nothing when it is already, and may be repeated after a failure. Raises LineError.
    """
    programme = club.timeline().at(club.now()).programme
    picture = draw_rich_menu(tiles(programme), palette(programme.shop.accent))
    menu = _named(menu_object(programme), picture)
    ours = [known for known in club.line.list_rich_menus() if known.name.startswith(PREFIX)]
    same = [known.id for known in ours if known.name == menu["name"]]
    menu_id = _shown(club, same) or _made(club, menu, picture)
    for known in ours:
        if known.id != menu_id:
            club.line.delete_rich_menu(known.id)
    return menu_id


def _shown(club: Club, same: list[str]) -> str | None:
    """Shows one of the menus that are as wanted; None when there is none that can be shown."""
    now = club.line.default_rich_menu_id() if same else None
    if now in same:
        return now
    for menu_id in same:
        try:
            club.line.set_default_rich_menu(menu_id)
        except LineRejected:
            # Made, but left without its picture by a deployment that failed.
            continue
        return menu_id
    return None


def _made(club: Club, menu: dict[str, Any], picture: bytes) -> str:
    menu_id = club.line.create_rich_menu(menu)
    club.line.upload_rich_menu_image(menu_id, picture, "image/png")
    club.line.set_default_rich_menu(menu_id)
    log.info("rich menu made", menu=menu["name"])
    return menu_id


def intents(programme: Programme) -> list[Icon]:
    """What the six tiles ask for: the card first, help last, nothing this club does without."""
    has: dict[Icon, bool] = {
        "card": True,
        "points": True,
        "rewards": bool(programme.rewards),
        "rank": programme.ranks is not None,
        "badges": bool(programme.badges),
        "history": True,
        "earn": True,
        "profile": True,
    }
    return [*[intent for intent, there in has.items() if there][: _TILES - 1], "help"]


def tiles(programme: Programme) -> list[Tile]:
    """The tiles in Japanese with English below: everybody sees this one menu."""
    return [
        Tile(intent, _title(programme, intent, "ja"), _title(programme, intent, "en"))
        for intent in intents(programme)
    ]


def menu_object(programme: Programme) -> dict[str, Any]:
    """LINE's rich menu object, as yet without a name of its own."""
    chosen = intents(programme)
    places = zip(chosen, areas(len(chosen)), strict=True)
    return rich_menu(
        size=(WIDTH, HEIGHT),
        areas=[
            RichMenuArea(**asdict(area), action=_action(programme, intent))
            for intent, area in places
        ],
        name=PREFIX,
        chat_bar_text=say("ja", "menu.bar"),
    )


def _action(programme: Programme, intent: Icon) -> PostbackAction:
    title = _title(programme, intent, "ja")
    return PostbackAction(title, urlencode({"do": intent}), title)


def _title(programme: Programme, intent: Icon, lang: Lang) -> str:
    if intent == "points":
        name = programme.points.name.in_(lang)
        return name[:1].upper() + name[1:]
    return say(lang, f"menu.{intent}", visit=programme.shop.visit_word)


def _named(menu: dict[str, Any], picture: bytes) -> dict[str, Any]:
    contents = json.dumps(menu, sort_keys=True, ensure_ascii=False).encode() + picture
    return {**menu, "name": PREFIX + hashlib.sha256(contents).hexdigest()[:16]}
