"""The rich menus of a programme as they are drawn, and as LINE is told of them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from bot.line.messages import PostbackAction, RichMenuArea, rich_menu
from bot.store.members import menus
from images.icons import Icon
from images.rich_menu import HEIGHT, WIDTH, MenuPicture, Tile, areas
from rules.base import LANGS, Lang
from rules.programme.programme import Programme
from rules.programme.ranks import Rank
from rules.wording.words import Words

from ..art import ArtFolder
from .views import Scene, fingerprint

#: Menus whose names begin so are ours to remove; any other was made by somebody else.
PREFIX = "kayoi "
_TILES = 6


@dataclass(frozen=True, slots=True)
class MenuDesign:
    """A menu as it is wanted."""

    #: For whom: a key of `menus`, or None for everybody else.
    key: str | None
    #: LINE's object without its name.
    body: dict[str, Any]
    #: The picture's view.
    picture: MenuPicture
    scene: Scene

    @property
    def name(self) -> str:
        contents = json.dumps(self.body, sort_keys=True, ensure_ascii=False)
        seen = fingerprint((contents, self.picture), self.scene.look)
        return f"{PREFIX}{self.key or 'default'} {seen}"


def menu_designs(art: ArtFolder, programme: Programme) -> Iterator[MenuDesign]:
    """Everybody's menu, in both languages at once; then, in each, those without and with a rank."""
    yield MenuDesign(None, *_both_languages(Scene(programme, art, "ja")))
    for lang in LANGS:
        scene = Scene(programme, art, lang)
        for rank in (None, *(programme.ranks.steps if programme.ranks else ())):
            yield MenuDesign(menus.key(lang, rank.id if rank else None), *_for_rank(scene, rank))


def menu_pictures(scenes: Iterable[Scene]) -> Iterator[tuple[Scene, MenuPicture]]:
    """Everybody's menu and those of all ranks, to be looked at."""
    for place, scene in enumerate(scenes):
        if place == 0:
            yield scene, _both_languages(scene)[1]
        ladder = scene.programme.ranks
        for rank in (None, *(ladder.steps if ladder else ())):
            yield scene, _for_rank(scene, rank)[1]


def _both_languages(scene: Scene) -> tuple[dict[str, Any], MenuPicture, Scene]:
    return menu_object(scene.programme, "ja"), MenuPicture(tuple(tiles(scene.programme))), scene


def _for_rank(scene: Scene, rank: Rank | None) -> tuple[dict[str, Any], MenuPicture, Scene]:
    programme, lang = scene.programme, scene.lang
    tier, tiers = scene.tier(rank.id if rank else None)
    caption = rank.name.in_(lang) if rank else scene.say("card.no_rank")
    shown = tuple(
        Tile(intent, _title(programme, intent, lang), caption if intent == "card" else "")
        for intent in intents(programme)
    )
    colours = rank.colours if rank else None
    return menu_object(programme, lang), MenuPicture(shown, colours, tier, tiers), scene


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
    """The tiles in Japanese with English below, for those of whom no language is known."""
    return [
        Tile(intent, _title(programme, intent, "ja"), _title(programme, intent, "en"))
        for intent in intents(programme)
    ]


def menu_object(programme: Programme, lang: Lang) -> dict[str, Any]:
    """LINE's rich menu object, as yet without a name of its own."""
    chosen = intents(programme)
    places = zip(chosen, areas(len(chosen)), strict=True)
    return rich_menu(
        size=(WIDTH, HEIGHT),
        areas=[
            RichMenuArea(**asdict(area), action=_action(programme, intent, lang))
            for intent, area in places
        ],
        name=PREFIX,
        chat_bar_text=Words(programme, lang).say("menu.bar"),
    )


def _action(programme: Programme, intent: Icon, lang: Lang) -> PostbackAction:
    title = _title(programme, intent, lang)
    return PostbackAction(title, urlencode({"do": intent}), title)


def _title(programme: Programme, intent: Icon, lang: Lang) -> str:
    return Words(programme, lang).say(f"menu.{intent}")
